"""Whose vehicles the list shows, when they are one customer's: how to reach them, and the way to put it right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from core.language import tr
from core.people.customers import CustomerView
from core.records.changes import ChangeSet
from core.records.input import NotFound
from ui import background, customers_reading, theme
from ui.pages.customer_sheet import open_customer
from ui.pages.vehicles_desk import VehiclesDesk
from ui.widgets.buttons import Button
from ui.widgets.icons import IconLabel
from ui.widgets.panels import Card, ElidedLabel


class CustomerBand(Card):
    """``show_customer(id)``; None: the list is not about one customer, and the band is away."""

    def __init__(self, desk: VehiclesDesk) -> None:
        super().__init__()
        self.desk = desk
        self.row: str | None = None
        self.body.setContentsMargins(theme.space(4), theme.space(2), theme.space(3), theme.space(2))
        line = QHBoxLayout()
        line.setSpacing(theme.space(3))
        line.addWidget(IconLabel("people", 26, "accent"), 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.name = ElidedLabel("", "text", 18, "semibold")
        self.ways = ElidedLabel("", "text_muted", 15).set_tabular()
        words.addWidget(self.name)
        words.addWidget(self.ways)
        line.addLayout(words, 1)
        self.edit = Button(tr("Edit"), "edit")
        self.edit.clicked.connect(lambda _=False: self.open_known())
        line.addWidget(self.edit)
        self.body.addLayout(line)
        self.hide()
        desk.done.connect(self.read)

    def show_customer(self, row: str | None) -> None:
        """This customer, read off this thread."""
        if row != self.row:
            self.row = row
            self.name.set_text("")
            self.ways.set_text("")
        self.setVisible(row is not None)
        self.read()

    def on_change(self, changes: ChangeSet) -> None:
        """Read again when a customer or a way to reach one reads differently."""
        if changes.touches("customers") or changes.touches("contact_ways"):
            self.read()

    def read(self) -> None:
        """What is known of them now."""
        row, records = self.row, self.desk.records
        if row is not None:
            background.run(
                self,
                lambda: customers_reading.read_customer(records, row),
                lambda found: self._show(row, found),
                lambda error: self._not_read(row, error),
            )

    def _show(self, row: str, found: CustomerView) -> None:
        if row != self.row:
            return
        ways = (found.contact_person, found.phone, found.mobile, found.email, found.address)
        self.name.set_text(found.name or "")
        self.ways.set_text(
            " · ".join(" ".join(each.split()) for each in ways if each) or tr("No phone and no address yet")
        )
        self.edit.setEnabled(found.deleted_at is None and self.desk.may("customers.change"))

    def _not_read(self, row: str, error: Exception) -> None:
        """It has not arrived here yet, or what failed is told."""
        if row != self.row:
            return
        self.edit.setEnabled(False)
        self.name.set_text(tr("not known here yet"))
        if not isinstance(error, NotFound):
            self.desk.failed(error, tr("This could not be read"))

    def open_known(self) -> None:
        """The form with all that is known of them."""
        if self.row is not None:
            open_customer(self, self.desk, self.row)
