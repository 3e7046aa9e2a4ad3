"""What lines come to: net, tax, gross, in whole minor units and by whole numbers only.

The rule, the same on the screen, on every paper and in every figure:

- The net of a line is quantity times unit price, rounded once to the minor unit.
- The tax of a rate is that rate of the *sum of the nets* of its lines, rounded once. Never of each line, where the
  rounding of many small lines would add up; never of the gross.
- Half a minor unit is rounded away from zero, so that a credit note of a paper is that paper with the other sign.

Pure functions. Rows come from other terminals, perhaps in parts: a price that is not there counts as nought, and a
quantity as one. Percentages are priced before (``discounts``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

ONE = 1000  # quantities are thousandths
WHOLE = 10_000  # rates are hundredths of a percent

LABOUR, PART, DISCOUNT = "labour", "part", "discount"


class Priced(Protocol):
    """Anything that has a price: a line as it is shown, of an order, an estimate or an invoice.

    ``quantity`` thousandths, ``unit_price`` and ``unit_cost`` minor units without tax, ``tax_rate`` 1900 is 19 %.
    """

    @property
    def kind(self) -> str | None: ...
    @property
    def quantity(self) -> int | None: ...
    @property
    def unit_price(self) -> int | None: ...
    @property
    def tax_rate(self) -> int | None: ...
    @property
    def unit_cost(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class PricedLine:
    """The numbers of a line alone; units as in ``Priced``."""

    kind: str | None
    quantity: int | None
    unit_price: int | None
    tax_rate: int | None = None
    unit_cost: int | None = None


@dataclass(frozen=True, slots=True)
class TaxOfRate:
    """The tax of one rate. ``rate`` in hundredths of a percent, ``net`` and ``tax`` in minor units."""

    rate: int
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What some lines come to, in minor units. ``taxes`` by rate, the lowest first.

    ``net`` is ``labour + parts + other + discount`` and also the sum of the nets of ``taxes``; ``discount`` is nought
    or negative; ``gross`` is ``net + tax``. ``cost`` is what the shop paid, as far as the lines say.
    """

    net: int = 0
    taxes: tuple[TaxOfRate, ...] = ()
    tax: int = 0
    gross: int = 0
    discount: int = 0
    cost: int = 0
    labour: int = 0
    parts: int = 0
    other: int = 0


def rounded(amount: int, by: int) -> int:
    """``amount / by`` as a whole number, half away from zero. ``by`` is positive."""
    whole = (2 * abs(amount) + by) // (2 * by)
    return whole if amount >= 0 else -whole


def quantity_of(line: Priced) -> int:
    """How many, in thousandths: one, where nobody said; the store takes it so, too."""
    return ONE if line.quantity is None else line.quantity


def net_of(line: Priced) -> int:
    """The net of one line, minor units."""
    return rounded(quantity_of(line) * (line.unit_price or 0), ONE)


def cost_of(line: Priced) -> int:
    """What one line costs the shop, minor units."""
    return rounded(quantity_of(line) * (line.unit_cost or 0), ONE)


def totals(lines: Iterable[Priced]) -> Totals:
    """What lines come to, in whatever order they stand."""
    by_rate: dict[int, int] = {}
    by_kind = {LABOUR: 0, PART: 0, DISCOUNT: 0, "": 0}
    cost = 0
    for line in lines:
        net = net_of(line)
        rate = line.tax_rate or 0
        by_rate[rate] = by_rate.get(rate, 0) + net
        by_kind[line.kind if line.kind in by_kind else ""] += net
        cost += cost_of(line)
    taxes = tuple(TaxOfRate(rate, net, rounded(net * rate, WHOLE)) for rate, net in sorted(by_rate.items()))
    net, tax = sum(each.net for each in taxes), sum(each.tax for each in taxes)
    return Totals(
        net=net,
        taxes=taxes,
        tax=tax,
        gross=net + tax,
        discount=by_kind[DISCOUNT],
        cost=cost,
        labour=by_kind[LABOUR],
        parts=by_kind[PART],
        other=by_kind[""],
    )
