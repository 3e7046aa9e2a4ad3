"""What stands in a cell: numbers and days as this file writes them, found by looking at whole columns."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from core.language import mark, tr
from core.records.input import LARGEST, Value

MILE = 1.609344  # km
RISKY = ("=", "+", "-", "@", "\t", "\r")  # spreadsheet programs run a text that begins so
_LONGEST = 40  # characters of a number: what is longer is none, and Python reads no more than 4,300 digits
_NUMBER = re.compile(r"[+-]?[\d.,'\u00a0\u202f ]*\d[\d.,'\u00a0\u202f ]*")
_DAY = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[T ].*)?")
_GROUPED = re.compile(r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+")  # no odometer has thousandths
_BLANKS = str.maketrans("", "", "'\u00a0\u202f ")


class DayOrder(StrEnum):
    """In which order a day is written."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


DAY_ORDERS = {
    DayOrder.YMD: mark("year, month, day: 2026-11-22"),
    DayOrder.DMY: mark("day, month, year: 22.11.2026"),
    DayOrder.MDY: mark("month, day, year: 11/22/2026"),
}


class CellError(ValueError):
    """A cell that is not what its column holds. ``cure``: what to do about it."""

    def __init__(self, words: str, cure: str) -> None:
        super().__init__(words)
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Style:
    """How a file writes things. ``decimal``: "." or ","; ``distance``: km or mi. ``sure``: nothing had to be guessed
    between two days that could both be.
    """

    decimal: str = "."
    day_order: DayOrder = DayOrder.YMD
    distance: str = "km"
    sure: bool = True


def guessed(days: Iterable[str], numbers: Iterable[str], *, style: Style = Style()) -> Style:
    """The style of a file by its columns of days and of numbers; what they leave open is as in ``style``."""
    orders = set(DayOrder)
    seen = False
    for text in days:
        if text:
            seen = True
            orders &= {order for order in DayOrder if _parsed(text, order) is not None} or orders
    order = style.day_order
    if (seen and order not in orders) or (seen and len(orders) == 1):
        order = min(orders, key=list(DayOrder).index)
    commas = sum(_decimal_of(text) == "," for text in numbers)
    points = sum(_decimal_of(text) == "." for text in numbers)
    decimal = "," if commas > points else "." if points else style.decimal
    return replace(style, day_order=order, decimal=decimal, sure=not seen or len(orders) == 1)


def day_of(text: str, style: Style) -> Value:
    """An ISO day. Raises ``CellError``."""
    if not text:
        return None
    found = _parsed(text, style.day_order)
    if found is None:
        raise CellError(
            tr("“{text}” is no day.", text=text),
            tr(
                "Days are read as {order}. Change the cell, or choose another order.",
                order=tr(DAY_ORDERS[style.day_order]),
            ),
        )
    return found.isoformat()


def number_of(scale: int, *, unit: str = "") -> Callable[[str, Style], Value]:
    """A parser of decimal numbers into whole ``scale``-ths, rounded half away from zero. ``unit``: signs left out."""

    def parse(text: str, style: Style) -> Value:
        plain = text
        for sign in unit.split():
            plain = plain.replace(sign, "")
        plain = plain.strip()
        if not plain:
            return None
        if len(plain) > _LONGEST or not _NUMBER.fullmatch(plain):
            raise _no_number(text)
        other = "." if style.decimal == "," else ","
        digits = plain.translate(_BLANKS).replace(other, "").replace(style.decimal, ".")
        if digits.count(".") > 1:
            raise _no_number(text)
        negative, digits = digits.startswith("-"), digits.lstrip("+-")
        whole, _, part = digits.partition(".")
        power: int = 10 ** len(part)
        value: int = (int((whole or "0") + part) * scale * 2 + power) // (2 * power)
        if value > LARGEST:
            raise _no_number(text)
        return -value if negative else value

    return parse


def kilometres_of(text: str, style: Style) -> Value:
    """Whole km, from km or miles: 84.210 and 84,210 are eighty-four thousand. Raises ``CellError``."""
    plain = text.removesuffix("km").removesuffix("mi").strip()
    grouped = re.sub(r"\D", "", plain) if _GROUPED.fullmatch(plain) else text
    thousandths = number_of(1000, unit="km mi miles Meilen")(grouped, style)
    if not isinstance(thousandths, int):
        return None
    return round(thousandths / 1000 * (MILE if style.distance == "mi" else 1))


def text_of(text: str, _style: Style) -> Value:
    """The cell as it is, without the apostrophe of a text that must not be run; nothing when it is empty."""
    return (text[1:] if text[:1] == "'" and text[1:2] in RISKY else text) or None


def _no_number(text: str) -> CellError:
    return CellError(tr("“{text}” is no number.", text=text), tr("Write digits, with the decimal sign of the file."))


def _decimal_of(text: str) -> str:
    """The decimal sign this number must have been written with; "" when it does not tell."""
    plain = text.translate(_BLANKS)
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma < 0 and point < 0:
        return ""
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    sign = "," if comma >= 0 else "."
    behind = len(plain) - max(comma, point) - 1
    if plain.count(sign) > 1 or behind == 3:  # thousands, or perhaps
        return "" if plain.count(sign) == 1 else ("." if sign == "," else ",")
    return sign


def _parsed(text: str, order: DayOrder) -> dt.date | None:
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    first, second, third = (int(part) for part in found.groups())
    year, month, day = {
        DayOrder.YMD: (first, second, third),
        DayOrder.DMY: (third, second, first),
        DayOrder.MDY: (third, first, second),
    }[order]
    widths = tuple(len(part) for part in found.groups())
    if (widths[0] > 2) != (order is DayOrder.YMD):
        return None
    if year < 100:
        year += 2000 if year < 70 else 1900
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
