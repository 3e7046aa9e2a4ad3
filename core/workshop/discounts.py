"""Percentages off an order: kept as percentages, so that what is taken off follows what is charged.

The rule: a discount with ``percent_off`` takes that share of the sum of the nets of the other lines of its tax rate,
among the lines it is charged with - not declined on an estimate, on the same paper for an invoice. It is rounded once,
half a minor unit away from nought. What is a discount already is not part of that sum, and all percentages together
never take off more than there is.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from core.workshop.line_kinds import DISCOUNT
from core.workshop.totals import ONE, WHOLE, Priced, net_of, rounded


class Shared(Priced, Protocol):
    """A priced line that may be a percentage: ``percent_off`` in hundredths of a percent, 1000 is 10 %."""

    @property
    def id(self) -> str: ...
    @property
    def percent_off(self) -> int | None: ...


Line = TypeVar("Line", bound=Shared)


def amounts_off(lines: Iterable[Shared]) -> dict[str, int]:
    """What each percentage among these lines takes off, minor units (nought or more), by the id of its line."""
    rows = list(lines)
    charged: dict[int, int] = {}
    left: dict[int, int] = {}
    for line in rows:
        if not is_share(line):
            rate, net = line.tax_rate or 0, net_of(line)
            left[rate] = left.get(rate, 0) + net
            if line.kind != DISCOUNT:
                charged[rate] = charged.get(rate, 0) + net
    found: dict[str, int] = {}
    for line in sorted((each for each in rows if is_share(each)), key=lambda each: each.id):
        rate = line.tax_rate or 0
        off = min(rounded(max(0, charged.get(rate, 0)) * (line.percent_off or 0), WHOLE), max(0, left.get(rate, 0)))
        found[line.id] = off
        left[rate] = left.get(rate, 0) - off
    return found


def priced_together(lines: Sequence[Line], among: Collection[str] | None = None) -> tuple[Line, ...]:
    """The same lines, percentages with what they take off as a price. ``among``: ids of the lines that are charged, and
    of the percentages themselves; None: all of them. A percentage that is not among them has what it would take off.
    """
    if not any(is_share(each) for each in lines):
        return tuple(lines)
    off = amounts_off(each for each in lines if among is None or each.id in among or is_share(each))
    return tuple(
        replace(each, quantity=ONE, unit_price=-off[each.id]) if each.id in off else each  # type: ignore[type-var]
        for each in lines
    )


def is_share(line: Shared) -> bool:
    """Whether this line takes off a percentage rather than an amount."""
    return line.kind == DISCOUNT and line.percent_off is not None
