"""Settings of the shop: what stands on its papers, its hours and its money, in one card and one form."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from babel.core import Locale
from babel.numbers import list_currencies
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from core.language import current, tr
from core.records.records import Records
from core.workshop.shop import ShopView
from ui.context import UiContext
from ui.money_words import money
from ui.pages.settings_form import FormSheet
from ui.pages.settings_list import ListCard
from ui.shop_reading import ShopRead, read_shop, save_shop
from ui.widgets.settings_card import Report
from ui.widgets.settings_row import SettingsRow

NEAR = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "CAD", "AUD")
STEP = 30  # minutes between the hours one may choose
DAY = 24 * 60


def clock(minutes: int) -> str:
    """ "07:30", of minutes after midnight."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def currencies(now: str) -> list[tuple[object, str]]:
    """The usual ones first, then all of ISO 4217, with their names."""
    names = Locale.parse(current()).currencies
    rest = sorted(code for code in list_currencies() if code not in NEAR)
    codes = dict.fromkeys((now, *NEAR, *rest))
    return [(code, f"{code}  {names.get(code, '')}".strip()) for code in codes]


def hours(now: int) -> list[tuple[object, str]]:
    """Times of the day to choose from, with the one there is."""
    times = sorted({*range(0, DAY + 1, STEP), now})
    return [(each, clock(each)) for each in times]


def _first(terminals: Sequence[tuple[str, str]]) -> str:
    """Who numbers invoices while nobody was chosen."""
    return tr("The first terminal, {name}", name=terminals[0][1]) if terminals else tr("The first terminal")


class ShopCard(ListCard):
    """The shop in four lines; each opens the form at its place."""

    tables = ("shop_details", "terminals")

    def __init__(self, context: UiContext, report: Report) -> None:
        super().__init__(tr("Shop"), context, report)

    def read(self, records: Records) -> ShopRead:
        return read_shop(records)

    def words(self, found: ShopRead) -> str:
        if found.shop.name:
            return tr("What stands on estimates, orders and invoices.")
        return tr(
            "The shop has no name yet. Its name, address, bank account and what an hour costs stand on every estimate "
            "and invoice: enter them once, and every terminal has them."
        )

    def add_words(self, found: ShopRead) -> str:
        return "" if found.shop.name else tr("Enter the shop")

    def rows_of(self, found: ShopRead) -> list[QWidget]:
        shop = found.shop
        if not shop.id:
            return []
        holder = dict(found.terminals).get(shop.invoice_holder_id or "")
        reach = " · ".join(filter(None, (" ".join((shop.address or "").split()), shop.phone, shop.email)))
        paid = tr("Paid within {count} days", count=shop.payment_days)
        numbers = tr("{name} numbers them", name=holder or _first(found.terminals))
        prefix = tr("numbers begin with {prefix}", prefix=shop.invoice_prefix) if shop.invoice_prefix else ""
        rate = money(shop.labour_rate, shop.currency) or tr("Not set")
        times = f"{clock(shop.opens_at)}–{clock(shop.closes_at)}"
        tax = tr("Tax number {number}", number=shop.tax_number) if shop.tax_number else ""
        bank = " ".join((shop.bank or "").split())
        made = [
            self._row("workshop", shop.name or tr("No name"), reach or tr("No address yet"), "", "name"),
            self._row("money", tr("An hour of work"), tr("Without tax, in {code}", code=shop.currency), rate,
                      "labour_rate"),
            self._row("receipt", tr("Invoices"), " · ".join(filter(None, (numbers, paid, prefix))), "",
                      "invoice_holder_id"),
            self._row("note", tr("Tax number and bank"), " · ".join(filter(None, (tax, bank))) or tr("Not set"), "",
                      "tax_number"),
            self._row("clock", tr("Opening hours"), tr("What the schedule shows of a day"), times, "opens_at"),
        ]  # fmt: skip
        return list(made)

    def _row(self, icon: str, title: str, detail: str, state: str, place: str) -> SettingsRow:
        row = SettingsRow(icon, title, detail, state, opens=self.may_change)
        row.clicked.connect(lambda _=False: self.open_form(place))
        return row

    def scenes(self) -> list[tuple[str, Callable[[], object]]]:
        return [("settings-shop", self.open_form)]

    def open_new(self) -> None:
        self.open_form("name")

    def open_form(self, place: str = "name") -> None:
        """The form, with the field that was tapped in sight."""
        sheet = ShopSheet(self, self.found)
        sheet.open(sheet.keep)
        sheet.bring(place)


class ShopSheet(FormSheet):
    """All that is known of the shop."""

    def __init__(self, card: ShopCard, found: ShopRead) -> None:
        super().__init__(card, tr("Shop"), width=900)
        self._card = card
        self._read = found
        shop = found.shop
        if not shop.name and card.context.membership is not None:
            shop = replace(shop, name=card.context.membership.workshop)  # as it was founded; kept when it is kept here
        self._address(shop)
        self._money(shop, found.terminals)
        self._papers(shop)
        self.finish_form(tr("Keep"))

    def _address(self, shop: ShopView) -> None:
        self.text("name", tr("Name of the shop"), shop.name, wide=True, longest=120)
        self.several("address", tr("Address"), shop.address)
        self.text("phone", tr("Phone"), shop.phone, longest=60)
        email = self.text("email", tr("Email"), shop.email, longest=200)
        email.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
        self.choice("opens_at", tr("Opens at"), hours(shop.opens_at), shop.opens_at)
        self.choice("closes_at", tr("Closes at"), hours(shop.closes_at), shop.closes_at)

    def _money(self, shop: ShopView, terminals: Sequence[tuple[str, str]]) -> None:
        self.group(
            tr("Money and invoices"),
            tr("One terminal gives out the numbers of invoices, so that none is missing and none is there twice."),
        )
        self.choice("currency", tr("Currency"), currencies(shop.currency), shop.currency)
        self.number("labour_rate", tr("An hour of work, without tax"), shop.labour_rate)
        options: list[tuple[object, str]] = [(None, _first(terminals)), *terminals]
        holder = shop.invoice_holder_id
        if holder is not None and holder not in dict(terminals):
            options.append((holder, tr("A terminal that is gone")))
        self.choice("invoice_holder_id", tr("Which terminal numbers invoices"),
                    options, holder)  # fmt: skip
        self.text("invoice_prefix", tr("What invoice numbers begin with"), shop.invoice_prefix, longest=12)
        self.number("payment_days", tr("Days to pay"), shop.payment_days, decimals=0)

    def _papers(self, shop: ShopView) -> None:
        self.group(tr("On the papers"))
        self.text("tax_number", tr("Tax number"), shop.tax_number, wide=True, longest=60)
        self.several("bank", tr("Bank account"), shop.bank)
        self.several("footer", tr("Words at the foot of every paper"), shop.footer)

    def bring(self, place: str) -> None:
        """Bring a field into sight."""
        cell = self.cells[place]
        # Only when the sheet has its size is there something to scroll.
        QTimer.singleShot(0, cell, lambda: self.area.ensureWidgetVisible(cell, 0, 200))

    def submit(self) -> None:
        if not self.good():
            return
        shop = self._read.shop
        # Only what was changed: another terminal may have changed the rest meanwhile.
        fields = {name: value for name, value in self.fields().items() if value != getattr(shop, name)}
        if not fields:
            self.close_sheet()
            return
        records, actor = self._card.desk
        self.send(lambda: save_shop(records, actor, fields),
                  lambda changed: self._card.changed(tr("The shop's details were kept."), changed))  # fmt: skip
