"""What do the people who write answers need? They know the content and the bot; nothing here is run for a visitor."""
