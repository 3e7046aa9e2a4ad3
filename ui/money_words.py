"""Money, hours and pieces as a person reads them. Money is minor units, quantities are thousandths."""

from ui import words

SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF", "PLN": "zł", "SEK": "kr", "DKK": "kr", "NOK": "kr"}
DEFAULT = "EUR"
NO_BREAK = "\N{NO-BREAK SPACE}"


def money(minor: int | None, currency: str | None = None) -> str:
    """ "1234.50 €"; "" for nothing."""
    if minor is None:
        return ""
    code = currency or DEFAULT
    return f"{words.number(minor / 100, 2)}{NO_BREAK}{SYMBOLS.get(code, code)}"


def pieces(thousandths: int | None) -> str:
    """ "1", "4.5", "0.125"; "" for nothing."""
    if thousandths is None:
        return ""
    decimals = 3
    while decimals and thousandths % 10 ** (4 - decimals) == 0:
        decimals -= 1
    return words.number(thousandths / 1000, decimals)


def percent(hundredths: int | None) -> str:
    """A rate: "19 %", "7.5 %"; "" for nothing."""
    if hundredths is None:
        return ""
    decimals = 2
    while decimals and hundredths % 10 ** (3 - decimals) == 0:
        decimals -= 1
    return f"{words.number(hundredths / 100, decimals)}{NO_BREAK}%"


def hours(thousandths: int | None) -> str:
    """A stretch of work: "1.5 h"."""
    return "" if thousandths is None else f"{pieces(thousandths)}{NO_BREAK}h"
