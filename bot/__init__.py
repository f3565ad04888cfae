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
from bot.decide import Kind
from bot.errors import BotError, ContentError, ContextError, Problem
from bot.policy import Policy
from bot.reply import Block, Part, Reply

__all__ = [
    "Answer",
    "Block",
    "Bot",
    "BotError",
    "ContentError",
    "Context",
    "ContextError",
    "Explanation",
    "Kind",
    "Part",
    "Policy",
    "Problem",
    "Reply",
]
__version__ = "0.1.0"
