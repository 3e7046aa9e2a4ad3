"""What is known of a part: a form for a new one and for one that is there, kept with one press."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from core.language import tr
from core.records.input import Refused
from core.workshop.parts import UNITS, PartView
from ui import background, parts_reading, theme
from ui.orders_reading import Option
from ui.pages.bays_sheets import Trouble
from ui.pages.orders_picker import PickerSheet
from ui.pages.parts_desk import EXPECTED, PartsDesk
from ui.widgets.buttons import Button, Choice, ValueButton
from ui.widgets.dialogs import Sheet
from ui.widgets.number_field import NumberField
from ui.widgets.panels import label
from ui.widgets.touch import scrolling

TEXTS = ("number", "name", "manufacturer", "barcode", "location", "supplier_number", "notes")
AMOUNTS = ("minimum", "order_up_to")
MONEY = ("cost", "price")


class EditPartSheet(Sheet):
    """``done(id)`` when it is kept. ``part`` None: a new one, of which ``given`` is known already."""

    def __init__(
        self, desk: PartsDesk, part: PartView | None, given: Mapping[str, str], done: Callable[[str], object]
    ) -> None:
        super().__init__(desk.anchor, tr("Part") if part else tr("New part"), side="right", width=760)
        self._desk, self._part, self._done = desk, part, done
        self.supplier_id = part.supplier_id if part else None
        self._supplier_name = part.supplier_name if part else None
        content = QWidget()
        self.grid = QGridLayout(content)
        self.grid.setContentsMargins(0, 0, theme.space(3), theme.space(3))
        self.grid.setHorizontalSpacing(theme.space(4))
        self.grid.setVerticalSpacing(theme.space(3))
        self.grid.setColumnStretch(0, 1)
        self.grid.setColumnStretch(1, 1)
        self._next = (0, 0)  # row and column of the next field
        self.texts: dict[str, QLineEdit] = {}
        self.numbers: dict[str, NumberField] = {}
        self._fields(given)
        self.body.addWidget(scrolling(content), 1)
        self.trouble = Trouble()
        self.body.addWidget(self.trouble)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.keep = Button(tr("Keep") if part else tr("Make the part"), "ok", role="primary")
        self.keep.clicked.connect(lambda _=False: self.submit())
        self.footer.addWidget(cancel, 1)
        self.footer.addWidget(self.keep, 1)

    def _fields(self, given: Mapping[str, str]) -> None:
        part = self._part
        self._text("name", tr("Name"), given, wide=True)
        self._text("number", tr("Part number"), given)
        self._text("manufacturer", tr("Manufacturer"), given)
        self._text("barcode", tr("Barcode"), given)
        self._text("location", tr("Place, where it lies"), given)
        self.unit = Choice(tr("Counted in"))
        for unit, words in UNITS.items():
            self.unit.addItem(tr(words), unit)
        self.unit.setCurrentIndex(max(0, self.unit.findData(part.unit if part else "pc")))
        self._add(tr("Counted in"), self.unit)
        if part is None:
            self._number("here", tr("How many lie there"), 3, None)
        else:
            self._gap()
        self._number("minimum", tr("Minimum: below it, it is ordered"), 3, part.minimum if part else None)
        self._number("order_up_to", tr("Order up to"), 3, part.order_up_to if part else None)
        self._number("cost", tr("Costs the shop, without tax"), 2, part.cost if part else None)
        self._number("price", tr("Price for customers, without tax"), 2, part.price if part else None)
        self.supplier = ValueButton(self._supplier_name or tr("Choose a supplier"), "people")
        self.supplier.clicked.connect(lambda _=False: self.open_supplier())
        self._add(tr("Supplier"), self.supplier)
        self._text("supplier_number", tr("The supplier’s number"), given)
        self._text("notes", tr("Notes"), given, wide=True)

    def _text(self, name: str, title: str, given: Mapping[str, str], *, wide: bool = False) -> None:
        value = getattr(self._part, name) if self._part else given.get(name)
        field = QLineEdit(value or "")
        field.setAccessibleName(title)
        field.setCursorPosition(0)
        self.texts[name] = field
        self._add(title, field, wide=wide)

    def _number(self, name: str, title: str, decimals: int, value: int | None) -> None:
        field = NumberField(title, decimals=decimals)
        field.set_value(value)
        self.numbers[name] = field
        self._add(title, field)

    def _gap(self) -> None:
        self._add("", QWidget())

    def _add(self, title: str, field: QWidget, *, wide: bool = False) -> None:
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        column.addWidget(label(title, "caption"))
        column.addWidget(field)
        row, place = self._next
        if wide and place:
            row, place = row + 1, 0
        self.grid.addWidget(cell, row, place, 1, 2 if wide else 1)
        self._next = (row + 1, 0) if wide or place else (row, 1)

    def open_supplier(self) -> None:
        """Pick a supplier, or make one."""
        records, actor = self._desk.records, self._desk.actor

        def named(option: Option) -> None:
            self.supplier_id = option.id
            self.supplier.show_words(option.title, "people")

        def picked(id_: str) -> None:
            background.run(self, lambda: parts_reading.supplier_option(records, id_), named, self._failed)

        def made(name: str) -> None:
            background.run(self, lambda: parts_reading.new_supplier(records, actor, name), named, self._failed)

        PickerSheet(self, tr("Supplier"), lambda text: parts_reading.find_suppliers(records, text), picked, made).open()

    def fields(self) -> dict[str, object]:
        """What stands in the form."""
        found: dict[str, object] = {name: field.text().strip() or None for name, field in self.texts.items()}
        for name in (*AMOUNTS, *MONEY):
            found[name] = self.numbers[name].value()
        found["unit"] = self.unit.currentData()
        found["supplier_id"] = self.supplier_id
        return found

    def submit(self) -> None:
        """Keep it, off this thread; what is wrong is said here, and what was typed stays."""
        if not all(field.good() for field in self.numbers.values()):
            self.trouble.say(tr("One of the numbers is none."))
            return
        records, actor, part, fields = self._desk.records, self._desk.actor, self._part, self.fields()
        self.keep.setEnabled(False)
        if part is None:
            here = self.numbers["here"].value()
            work = lambda: parts_reading.new_part(records, actor, fields, here)  # noqa: E731
        else:
            row = part.id
            work = lambda: parts_reading.save_part(records, actor, row, fields)  # noqa: E731
        background.run(self, work, self._kept, self._failed)

    def _kept(self, part: PartView) -> None:
        self.close_sheet()
        self._done(part.id)
        self._desk.done.emit()

    def _failed(self, error: Exception) -> None:
        self.keep.setEnabled(True)
        if not isinstance(error, EXPECTED):
            raise error
        titles = {name: field.accessibleName() for name, field in self.texts.items()}
        titles |= {name: field.field.accessibleName() for name, field in self.numbers.items()}
        if isinstance(error, Refused):
            words = [f"{titles[each.field]}: {each.words}" if each.field in titles else each.words
                     for each in error.problems]  # fmt: skip
            self.trouble.say("\n".join(words))
        else:
            self.trouble.say(str(error))
