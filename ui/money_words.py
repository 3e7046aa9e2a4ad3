"""Money, hours and pieces as a person reads them. Money is minor units, quantities are thousandths."""

from collections.abc import Mapping
from functools import cache

from babel.numbers import get_currency_precision, get_currency_symbol

from core.language import current, tr
from core.workshop.papers_format import Format
from ui import words

DEFAULT = "EUR"
NO_BREAK = "\N{NO-BREAK SPACE}"


def money(minor: int | None, currency: str | None = None) -> str:
    """As the papers write it, so that nobody has to compare two ways: "€1,234.50", "1.234,50 €"; "" for nothing."""
    return "" if minor is None else _format(current(), currency or DEFAULT).money(minor)


def round_money(minor: float, currency: str | None = None) -> str:
    """For the scale of a chart, where there are no cents: "€2,000", "2.000 €"."""
    return _format(current(), currency or DEFAULT).round_money(minor)


def plain_amount(minor: int, currency: str | None) -> str:
    """For a cell of a spreadsheet: without the currency, and thousands together."""
    places = decimals(currency)
    return words.number(minor / 10**places, places)


def sign(currency: str | None) -> str:
    """What stands beside a field for an amount: "€", "$", "CHF"."""
    code = currency or DEFAULT
    return str(get_currency_symbol(code, locale=_format(current(), code).locale))


def decimals(currency: str | None) -> int:
    """How many digits of an amount are typed after the decimal sign: two of euros, none of yen."""
    return int(get_currency_precision(currency or DEFAULT))


@cache
def _format(language: str, currency: str) -> Format:
    return Format(language, currency)


def pieces(thousandths: int | None) -> str:
    """ "1", "4.5", "0.125"; "" for nothing."""
    if thousandths is None:
        return ""
    places = 3
    while places and thousandths % 10 ** (4 - places) == 0:
        places -= 1
    return words.number(thousandths / 1000, places)


def percent(hundredths: int | None) -> str:
    """A rate: "19 %", "7.5 %"; "" for nothing."""
    if hundredths is None:
        return ""
    places = 2
    while places and hundredths % 10 ** (3 - places) == 0:
        places -= 1
    return f"{words.number(hundredths / 100, places)}{NO_BREAK}%"


def tax_words(rate: int, names: Mapping[int, str]) -> str:
    """A tax with its rate, as the shop calls it: "Sales tax 8.25 %"; "Tax 8.25 %" where no rule has its name."""
    if name := names.get(rate):
        return f"{name} {percent(rate)}"
    return tr("Tax {percent}", percent=percent(rate))


def sign_before(currency: str | None) -> str:
    """What stands before an amount: "$", "CHF "; "" where the sign stands behind it, as in "5 €"."""
    written = money(0, currency)
    return written[: next(at for at, each in enumerate(written) if each.isdigit())]


def hours(thousandths: int | None) -> str:
    """A stretch of work: "1.5 h"."""
    return "" if thousandths is None else f"{pieces(thousandths)}{NO_BREAK}h"
