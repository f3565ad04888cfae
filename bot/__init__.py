"""clinic-faq: a conversational FAQ chatbot whose every word was written by a person."""

__version__ = "0.1.0"
