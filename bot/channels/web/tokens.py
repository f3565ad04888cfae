"""How does Markdown travel to a page? As a small tree of tokens, so that no page ever has to parse markup.

The tree holds paragraphs, lists, emphasis and links, and nothing else. HTML in a text stays the letters that it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token as MarkdownToken

SCHEMES = ("https", "http", "mailto", "tel")
"""What a link may lead to; another one is shown as its words."""

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(
    ["code", "fence", "backticks", "heading", "lheading", "hr", "blockquote", "image", "reference", "html_block"]
)
_KINDS = {
    "paragraph": "paragraph",
    "bullet_list": "list",
    "ordered_list": "ordered",
    "list_item": "item",
    "strong": "strong",
    "em": "emphasis",
    "link": "link",
}
_TAGS = {
    "paragraph": "p",
    "list": "ul",
    "ordered": "ol",
    "item": "li",
    "strong": "strong",
    "emphasis": "em",
    "title": "p",
    "source": "p",
    "contact": "div",
    "contact-short": "div",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One node of the tree."""

    type: str
    """text, break, paragraph, list, ordered, item, strong, emphasis, link.

    In a reply also title, source, contact, contact-short."""
    text: str = ""
    """Of a text: its letters."""
    href: str = ""
    """Of a link: where it leads."""
    ref: str = ""
    """Of a source: the answer it is the source of."""
    children: tuple["Token", ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Give a dict that JSON can hold, without what is empty."""
        found: dict[str, object] = {"type": self.type}
        found |= {key: value for key in ("text", "href", "ref") if (value := getattr(self, key))}
        if self.type not in ("text", "break"):
            found["children"] = [child.to_dict() for child in self.children]
        return found


@lru_cache(maxsize=2048)  # curated texts only, of which a clinic has some hundred
def read_tokens(markdown: str) -> tuple[Token, ...]:
    """Read Markdown into tokens.

    >>> [token.type for token in read_tokens("Call *now*.")[0].children]
    ['text', 'emphasis', 'text']
    """
    return tuple(_nest(iter(_MARKDOWN.parse(markdown))))


def link_words(tokens: Iterable[Token], links: Mapping[str, str]) -> tuple[Token, ...]:
    """Make links of words that are worth one, such as a phone number: each of them, and where it leads.

    >>> link_words([Token("text", text="Call 123.")], {"123": "tel:123"})[1].href
    'tel:123'
    """
    return tuple(found for token in tokens for found in _link(token, links))


def _link(token: Token, links: Mapping[str, str]) -> Iterator[Token]:
    if token.type == "link":
        yield token
        return
    word = next((word for word in links if word in token.text), None)
    if word is None:
        yield replace(token, children=link_words(token.children, links))
        return
    before, _, after = token.text.partition(word)
    yield from link_words([Token("text", text=before)] if before else [], links)
    yield Token("link", href=links[word], children=(Token("text", text=word),))
    yield from link_words([Token("text", text=after)] if after else [], links)


def to_html(tokens: Iterable[Token]) -> str:
    """Write tokens as HTML, for the pages.

    >>> to_html(read_tokens("<b> *or*"))
    '<p>&lt;b&gt; <em>or</em></p>'
    """
    return "".join(map(_write, tokens))


def plain(tokens: Iterable[Token]) -> str:
    """Give the letters only.

    >>> plain(read_tokens("Call *now*."))
    'Call now.'
    """
    return "".join(" " if token.type == "break" else token.text + plain(token.children) for token in tokens)


def _nest(stream: Iterator[MarkdownToken]) -> Iterator[Token]:
    """Turn opening and closing marks into a tree; stops at the closing mark of its own level."""
    for mark in stream:
        if mark.nesting < 0:
            return
        if mark.nesting > 0:
            yield from _open(mark, tuple(_nest(stream)))
        elif mark.type == "inline":
            yield from _nest(iter(mark.children or ()))
        elif mark.type in ("softbreak", "hardbreak"):
            yield Token("break") if mark.type == "hardbreak" else Token("text", text=" ")
        elif mark.content:
            yield Token("text", text=mark.content)


def _open(mark: MarkdownToken, children: tuple[Token, ...]) -> Iterator[Token]:
    kind = _KINDS.get(mark.type.removesuffix("_open"))
    if kind == "link":
        href = str(mark.attrs.get("href", ""))
        if urlsplit(href).scheme.lower() not in SCHEMES:
            yield from children
            return
        yield Token("link", href=href, children=children)
    elif (kind == "paragraph" and mark.hidden) or kind is None:
        yield from children
    else:
        yield Token(kind, children=children)


def _write(token: Token) -> str:
    if token.type == "text":
        return escape(token.text)
    if token.type == "break":
        return "<br>"
    inside = to_html(token.children)
    if token.type == "link":
        return f'<a href="{escape(token.href)}" rel="noreferrer">{inside}</a>'
    return f"<{_TAGS[token.type]}>{inside}</{_TAGS[token.type]}>"
