"""clinic-faq: a conversational FAQ chatbot whose every word was written by a person.

intents.yaml ─┐
safety.yaml  ─┤
safety/      ─┼─ content ──▶ index ────────────────┐
answers/*.md ─┘     │                              ▼
                    │   question ──▶ message ──▶ match ───┐
                    │                   │                 ▼
                    └────────────────▶ safety ─ alert ▶ decide ──▶ reply ──▶ channel ──▶ a person
                                        ▲                 ▲
                                      meaning      context, policy
"""

from bot.bot import Bot, Explanation
from bot.content import Answer
from bot.context import Context
from bot.decide import Kind, Policy
from bot.errors import BotError, ContentError, ContextError, Problem
from bot.reply import Reply

__all__ = [
    "Answer",
    "Bot",
    "BotError",
    "ContentError",
    "Context",
    "ContextError",
    "Explanation",
    "Kind",
    "Policy",
    "Problem",
    "Reply",
]
__version__ = "0.1.0"
