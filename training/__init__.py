"""How was the encoder made that ships? Run by hand; nothing here is needed to run, test or install the bot."""
