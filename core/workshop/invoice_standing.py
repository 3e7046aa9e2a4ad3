"""How an invoice stands: open, part paid, paid, overdue, credited or void. Pure functions of what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.language import mark

OPEN, PART_PAID, OVERDUE, PAID, CREDITED, VOID, ISSUED = (
    "open", "part_paid", "overdue", "paid", "credited", "void", "issued",
)  # fmt: skip

WORDS: Mapping[str, str] = {
    OPEN: mark("Open"),
    PART_PAID: mark("Part paid"),
    OVERDUE: mark("Overdue"),
    PAID: mark("Paid"),
    CREDITED: mark("Credited"),
    VOID: mark("Void"),
    ISSUED: mark("Issued"),  # a credit note: it is settled with the invoice that it corrects
}


@dataclass(frozen=True, slots=True)
class Standing:
    """``open``: what is still to be paid, minor units; negative: what is to be paid back. ``state``: in ``WORDS``."""

    state: str
    open: int


def standing(
    *, gross: int, credited: int, paid: int, due_on: str | None, today: str, void: bool = False, credit: bool = False
) -> Standing:
    """How a paper stands. ``credited``: the sum of its valid credit notes (nought or negative), ``paid``: of payments.

    A void one asks for nothing: what was paid on it is to be paid back. ``credit``: it is a credit note itself.
    """
    if void:
        return Standing(VOID, -paid)
    if credit:
        return Standing(ISSUED, 0)
    due = gross + credited
    left = due - paid
    if credited and due <= 0:
        return Standing(CREDITED, left)
    if left <= 0:
        return Standing(PAID, left)
    if due_on is not None and due_on < today:
        return Standing(OVERDUE, left)
    return Standing(PART_PAID if paid > 0 else OPEN, left)
