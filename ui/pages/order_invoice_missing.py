"""What an invoice would lack, said beside it before it is issued, with the way to add it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from core.workshop.invoice_missing import ADDRESS, CUSTOMER, OURS, WORDS
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label


def missing_words(missing: tuple[str, ...]) -> str:
    """ "Not on it: the customer's address. Many countries want it on an invoice." """
    names = ", ".join(tr(WORDS[each]) for each in missing if each in WORDS)
    return tr("Not on it: {names}. Many countries want that on an invoice.", names=names) if names else ""


class MissingRow(QWidget):
    """Nothing, while nothing is missing. ``chosen`` with one of "customer", "address", "shop"."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.space(2), 0, theme.space(2))
        row.setSpacing(theme.space(3))
        row.addWidget(IconLabel("warning", 26, "warning"), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(theme.space(2))
        self.words = label("", wrap=True)
        column.addWidget(self.words)
        deeds = QWidget()
        flow = Flow(deeds)
        self.customer = Button(tr("Choose the customer"), "people")
        self.address = Button(tr("Add the address"), "people")
        self.shop = Button(tr("The shop's details"), "settings")
        for each, what in ((self.customer, "customer"), (self.address, "address"), (self.shop, "shop")):
            each.clicked.connect(lambda _=False, what=what: self.chosen.emit(what))
            flow.addWidget(each)
        column.addWidget(deeds)
        row.addLayout(column, 1)

    def show_missing(self, missing: tuple[str, ...], *, customers: bool, shop: bool) -> None:
        """``customers``, ``shop``: whether this person may change them."""
        self.setVisible(bool(missing))
        self.words.setText(missing_words(missing))
        self.customer.setVisible(customers and CUSTOMER in missing)
        self.address.setVisible(customers and ADDRESS in missing)
        self.shop.setVisible(shop and any(each in missing for each in OURS))
