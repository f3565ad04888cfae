"""Who is the clinic? Its details, as `intents.yaml` gives them, and how a text is filled in with them."""

import re
from dataclasses import fields

from bot.content import Clinic
from bot.content.source import Section, Source, hint
from bot.content.tree import Node

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_PAGE = re.compile(r"https?://[^\s/?#<>()\[\]*`\\]+([/?#][^\s<>()\[\]*`\\]*)?")
"""An address that can stand in Markdown as it is."""


LONGEST = 300
"""Characters of a detail: it may stand in many lines."""
DETAILS = tuple(field.name for field in fields(Clinic))


def read_clinic(node: Node | None, source: Source) -> Clinic:
    """Read `clinic:`; the numbers for emergencies and crises must be there."""
    table = source.table(node, "clinic", known=DETAILS, required=("emergency", "helplines")) if node else {}
    details = {name: source.text(value, f"clinic: {name}").strip() for name, value in table.items() if name in DETAILS}
    for name, value in details.items():
        if len(value) > LONGEST:
            source.fault(table[name].place, f"clinic: {name} has {len(value):,} characters; {LONGEST} are the most")
            details[name] = ""
    for name in ("emergency", "helplines"):
        if name in details and not details[name]:
            source.fault(table[name].place, f"clinic: {name} is empty; say which numbers people must call")
    if details.get("booking") and not _PAGE.fullmatch(details["booking"]):
        right = "give the address of a page, such as https://clinic.example/book"
        source.fault(table["booking"].place, f"clinic: booking is '{details['booking']}'; {right}")
    return Clinic(**{"emergency": "", "helplines": "", **details})


def fill(section: Section, clinic: Clinic, source: Source) -> str:
    """Fill in the clinic's details; a line that holds one which is empty is left out."""
    details = {name: str(getattr(clinic, name)) for name in DETAILS}
    rows = []
    for offset, row in enumerate(section.text.split("\n"), 1):
        held = find_placeholders(row)
        for name in held:
            if name not in details:
                source.fault(section.line(offset), f"'{{{name}}}' is no detail of the clinic{hint(name, DETAILS)}")
        if all(details.get(name) for name in held):
            rows.append(_PLACEHOLDER.sub(lambda found: details[found.group(1)], row))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()


def find_placeholders(row: str) -> list[str]:
    """Give the names in braces.

    >>> find_placeholders("Call {name} on {phone}.")
    ['name', 'phone']
    """
    return _PLACEHOLDER.findall(row)
