"""Where do people meet the bot? Each channel knows Bot and Reply, and nothing of how a reply is found."""
