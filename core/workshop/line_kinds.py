"""What kinds of lines there are on an estimate, an order and an invoice."""

from collections.abc import Mapping

from core.language import mark

LABOUR, PART, SUBLET, FEE, DISCOUNT = "labour", "part", "sublet", "fee", "discount"

KINDS: Mapping[str, str] = {
    LABOUR: mark("Labour"),
    PART: mark("Part"),
    SUBLET: mark("Work of others"),
    FEE: mark("Fee"),
    DISCOUNT: mark("Discount"),
}
