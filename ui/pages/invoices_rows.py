"""The rows of one paper: its lines as issued, its sums by rate of tax, what was paid, what is linked to it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.language import tr
from core.workshop.invoice_content import InvoiceLine
from core.workshop.payments import PaymentView
from core.workshop.totals import Totals
from ui import invoice_words, sync_words, theme
from ui.money_words import money, percent, pieces
from ui.widgets import icons
from ui.widgets.drawn_text import text


class FactRow(QWidget):
    """Words, a line beneath them and an amount at the right; ``icon`` with its token stands in front."""

    def __init__(self, words: str, under: str, amount: str, icon: tuple[str, str] | None = None) -> None:
        super().__init__()
        self.words, self.under, self.amount, self._icon = words, under, amount, icon
        self.setFixedHeight(theme.scaled(58 if under else 42))
        self.setAccessibleName(", ".join(each for each in (words, under, amount) if each))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        high, width, left = float(self.height()), float(self.width()), 2.0
        if self._icon is not None:
            icons.paint(painter, self._icon[0], QRectF(2, high / 2 - 12, 24, 24), self._icon[1])
            left = 40.0
        strong = theme.font(theme.scaled(18), "medium", tabular=True)
        right = QFontMetricsF(strong).horizontalAdvance(self.amount) + 6
        text(painter, QRectF(width - right, 0, right - 2, high), strong, "text", self.amount, right=True)
        room = width - right - left - 12
        half = high / 2 if self.under else high
        text(painter, QRectF(left, 4 if self.under else 0, room, half - (4 if self.under else 0)),
             theme.font(theme.scaled(17)), "text", self.words)  # fmt: skip
        small = theme.font(theme.scaled(15), tabular=True)
        text(painter, QRectF(left, half, room, half - 6), small, "text_muted", self.under)
        painter.fillRect(QRectF(0, high - 1, width, 1), theme.color("line"))


class SumsBlock(QWidget):
    """Net, the tax of each rate by its name in ``names``, and what it comes to."""

    def __init__(self, sums: Totals, currency: str, names: Mapping[int, str]) -> None:
        super().__init__()
        self.rows: list[tuple[str, str]] = [(tr("Net"), money(sums.net, currency))]
        for each in sums.taxes:
            rate, net, name = percent(each.rate), money(each.net, currency), names.get(each.rate, "")
            if name:
                of = tr("{tax} {rate} of {net}", tax=name, rate=rate, net=net)
            else:
                of = tr("Tax {percent} of {amount}", percent=rate, amount=net)
            self.rows.append((of, money(each.tax, currency)))
        self.total = (tr("Total with tax"), money(sums.gross, currency))
        self._line = theme.scaled(30)
        self.setFixedHeight(self._line * len(self.rows) + theme.scaled(44))
        self.setAccessibleName(", ".join(f"{words} {amount}" for words, amount in (*self.rows, self.total)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        width, high = float(self.width()), float(self._line)
        right = theme.scaled(150)
        plain = theme.font(theme.scaled(16), tabular=True)
        strong = theme.font(theme.scaled(20), "semibold", tabular=True)
        foot = 4 + high * len(self.rows)
        painter.fillRect(QRectF(width * 0.4, foot + 1, width * 0.6, 1), theme.color("outline"))
        for at, (words, amount) in enumerate((*self.rows, self.total)):
            last = at == len(self.rows)
            top, tall = (foot + 2, theme.scaled(38)) if last else (4 + high * at, high)
            font, token = (strong, "text") if last else (plain, "text_muted")
            text(painter, QRectF(0, top, width - right - 8, tall), font, token, words, right=True)
            text(painter, QRectF(width - right, top, right - 4, tall), font, token, amount, right=True)


def line_rows(lines: Sequence[InvoiceLine], currency: str) -> list[FactRow]:
    """The lines of a paper as they were issued."""
    return [FactRow(each.description or tr("Line without words"), _counted(each, currency), money(each.net, currency))
            for each in lines]  # fmt: skip


def payment_rows(payments: Sequence[PaymentView], currency: str) -> list[FactRow]:
    """What was paid, the first one first; what went back says so."""
    return [_payment(each, currency) for each in payments]


def _payment(payment: PaymentView, currency: str) -> FactRow:
    way = invoice_words.way(payment)
    back = payment.amount < 0
    words = tr("Paid back: {way}", way=way) if back else way
    at = sync_words.moment(payment.paid_at) if payment.paid_at is not None else ""
    under = " · ".join(each for each in (at, payment.recorded_by_name, payment.reference) if each)
    icon = "undo" if back else invoice_words.WAY_ICONS.get(payment.way or "", "money")
    return FactRow(words, under, money(payment.amount, currency), (icon, "text_muted"))


def _counted(line: InvoiceLine, currency: str) -> str:
    """ "2 × 59.90 €, part W 712/95, tax 19 %"."""
    times = f"{pieces(line.quantity)} × {money(line.unit_price, currency)}" if line.unit_price is not None else ""
    tax = tr("tax {percent}", percent=percent(line.tax_rate)) if line.tax_rate is not None else ""
    return " · ".join(each for each in (times, line.part_number, tax) if each)
