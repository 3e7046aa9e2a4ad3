"""Numbers, money and days as a paper writes them: by Babel, for the customer's language and the shop's currency.

The country comes from the currency, which all terminals share, and not from the computer: the same paper looks the same
wherever it is printed. It also decides the size of the paper.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision

# Where a currency is mostly written, so that English in dollars is American and English in pounds is British.
_COUNTRIES = {
    "USD": "US", "CAD": "CA", "MXN": "MX", "AUD": "AU", "NZD": "NZ", "GBP": "GB", "CHF": "CH", "INR": "IN",
    "ZAR": "ZA", "SGD": "SG", "HKD": "HK", "JPY": "JP", "PHP": "PH", "CLP": "CL", "COP": "CO", "CRC": "CR",
    "GTQ": "GT", "NIO": "NI", "PAB": "PA", "VES": "VE",
}  # fmt: skip
_OF_LANGUAGE = {"en": "IE", "de": "DE"}  # of the euro, and where nothing else is known
# Unicode CLDR, supplemental/measurementData, paperSize "US-Letter".
_LETTER = frozenset({"US", "CA", "MX", "PH", "CL", "CO", "CR", "GT", "NI", "PA", "VE"})
_LETTERS_ON_DIGITS = re.compile(r"([^\W\d_])(?=\d)")

DASH = "–"


@dataclass(frozen=True)
class Format:
    """How a paper in ``language`` about ``currency`` writes. What is not there becomes a dash."""

    language: str
    currency: str

    @cached_property
    def country(self) -> str:
        return _COUNTRIES.get(self.currency, _OF_LANGUAGE.get(self.language, "IE"))

    @cached_property
    def locale(self) -> Locale:
        for name in (f"{self.language}_{self.country}", self.language):
            try:
                return Locale.parse(name)
            except (UnknownLocaleError, ValueError):
                continue
        return Locale("en")

    @property
    def size(self) -> str:
        """The sheet, as typst calls it."""
        return "us-letter" if self.country in _LETTER else "a4"

    def money(self, minor: int | None) -> str:
        """With the currency: "€1,234.50", in German "1.234,50 €"."""
        if minor is None:
            return DASH
        return _true_minus(_spaced(format_currency(self._major(minor), self.currency, locale=self.locale)))

    def round_money(self, minor: float) -> str:
        """Whole units, for the scale of a chart."""
        whole, pattern = round(minor / 10**self._precision), self.locale.currency_formats["standard"].pattern
        pattern = re.sub(r"0\.0+", "0", pattern)
        text = format_currency(whole, self.currency, pattern, locale=self.locale, currency_digits=False)
        return _true_minus(_spaced(text))

    def amount(self, minor: int | None) -> str:
        """Without the currency, for columns."""
        if minor is None:
            return DASH
        digits = "0" * self._precision
        pattern = f"#,##0.{digits}" if digits else "#,##0"
        return _true_minus(format_decimal(self._major(minor), pattern, locale=self.locale))

    def quantity(self, thousandths: int | None) -> str:
        if thousandths is None:
            return DASH
        return _true_minus(format_decimal(Decimal(thousandths).scaleb(-3), "#,##0.###", locale=self.locale))

    def whole(self, value: int | None) -> str:
        return DASH if value is None else _true_minus(format_decimal(value, "#,##0", locale=self.locale))

    def kilometres(self, value: int | None) -> str:
        return DASH if value is None else f"{self.whole(value)} km"

    def rate(self, hundredths: int | None) -> str:
        """A tax rate: "19%", in German "19 %"."""
        pattern = self.locale.percent_formats[None].pattern.replace("0", "0.##")
        return str(format_decimal(Decimal(hundredths or 0).scaleb(-4), pattern, locale=self.locale))

    def day(self, iso: str | None) -> str:
        try:
            return format_date(dt.date.fromisoformat(iso or ""), "medium", locale=self.locale)
        except ValueError:
            return DASH

    def day_of(self, at_ms: int | None) -> str:
        moment = _moment(at_ms)
        return DASH if moment is None else format_date(moment.date(), "medium", locale=self.locale)

    def moment(self, at_ms: int | None) -> str:
        moment = _moment(at_ms)
        if moment is None:
            return DASH
        clock = format_time(moment.time(), "short", locale=self.locale)
        return f"{format_date(moment.date(), 'medium', locale=self.locale)}, {clock}"

    def _major(self, minor: int) -> Decimal:
        return Decimal(minor).scaleb(-self._precision)

    @cached_property
    def _precision(self) -> int:
        return get_currency_precision(self.currency)


def _moment(at_ms: int | None) -> dt.datetime | None:
    """Local time; None for what is no moment."""
    try:
        return None if at_ms is None else dt.datetime.fromtimestamp(at_ms / 1000)
    except (ValueError, OverflowError, OSError):
        return None


def _spaced(text: str) -> str:
    """A currency written in letters stands apart from its amount: CLDR, currencySpacing, which Babel passes over."""
    return _LETTERS_ON_DIGITS.sub("\\1\N{NO-BREAK SPACE}", text)


def _true_minus(text: str) -> str:
    """A minus as wide as a plus, where the locale writes a hyphen."""
    return text.replace("-", "\u2212")
