"""How do people reach the bot from a browser or another program? By `clinic-faq serve`: pages, the widget, an HTTP API.

Knows Bot and Reply, and keeps no state of a visitor. It needs the extra `web`; `settings` and `serve` can be imported
without it, so that the command line can explain itself.
"""
