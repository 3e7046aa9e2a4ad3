"""A new repair order: which vehicle, who brings one nobody knows, and what is asked for; all else can follow."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from core.language import tr
from core.people.roles import Actor, Denied, may
from core.records.errors import RecordsError
from core.records.input import Refused
from core.records.records import Records
from core.workshop.orders import RepairOrderView
from ui import background
from ui.orders_reading import known_vehicle, new_order
from ui.pages.bays_sheets import Trouble
from ui.pages.booking_customer import WhoseFields
from ui.pages.orders_field import GrowingText
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label

PAUSE_MS = 200


class NewOrderSheet(Sheet):
    """``made(order)`` when it is kept; what is wrong is said in the sheet, and what was typed stays."""

    def __init__(
        self, anchor: QWidget, records: Records, actor: Actor, made: Callable[[RepairOrderView], object]
    ) -> None:
        super().__init__(anchor, tr("New repair order"), width=760)
        self._records, self._actor, self._made = records, actor, made
        self._asked = 0
        self.body.addWidget(label(tr("Plate"), "caption"))
        self.plate = QLineEdit()
        self.plate.setAccessibleName(tr("Plate"))
        self.plate.setMaxLength(32)
        self.plate.textEdited.connect(lambda _: self._typed())
        self.plate.returnPressed.connect(self.submit)
        self.body.addWidget(self.plate)
        self.known = label(tr("A plate that is not known yet becomes a new vehicle."), "caption", wrap=True)
        self.body.addWidget(self.known)
        self.whose = WhoseFields(records)
        self.whose.edited.connect(self._edited)
        self.whose.hide()
        self.body.addWidget(self.whose)
        self.body.addWidget(label(tr("What is asked for"), "caption"))
        self.complaint = GrowingText(3, 6)
        self.complaint.setAccessibleName(tr("What is asked for"))
        self.body.addWidget(self.complaint)
        self.trouble = Trouble()
        self.body.addWidget(self.trouble)
        self.make = Button(tr("Create"), "plus", role="primary")
        self.make.clicked.connect(lambda _=False: self.submit())
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        self.footer.addWidget(cancel, 1)
        self.footer.addWidget(self.make, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.look)

    def _edited(self) -> None:
        self.trouble.say("")

    def _typed(self) -> None:
        self.trouble.say("")
        self._pause.start()

    def look(self) -> None:
        """Say whose plate this is."""
        self._asked += 1
        asked, plate, records = self._asked, self.plate.text().strip(), self._records
        if not plate:
            self.known.setText(tr("A plate that is not known yet becomes a new vehicle."))
            self.whose.hide()
            return
        background.run(
            self, lambda: known_vehicle(records, plate), lambda found: self._say(asked, found), lambda error: None
        )

    def _say(self, asked: int, found: str) -> None:
        if asked == self._asked:
            self.known.setText(found or tr("Not known yet: a new vehicle is made with it."))
            self.whose.setVisible(not found and may(self._actor, "customers.change"))

    def submit(self) -> None:
        """Make the order, off this thread."""
        plate, complaint = self.plate.text().strip(), self.complaint.toPlainText().strip()
        if not plate and not complaint:
            self.trouble.say(tr("Type a plate, or at least what is asked for."))
            return
        if missing := self.whose.missing():
            self.trouble.say(missing)
            self.whose.name.setFocus()
            return
        self.make.setEnabled(False)
        records, actor, whose = self._records, self._actor, self.whose.whose()

        def work() -> RepairOrderView:
            return new_order(records, actor, plate, complaint, customer=whose.id, fresh=whose.fresh)

        background.run(self, work, self._done, self._failed)

    def _done(self, order: RepairOrderView) -> None:
        self.close_sheet()
        self._made(order)

    def _failed(self, error: Exception) -> None:
        self.make.setEnabled(True)
        if not isinstance(error, Refused | Denied | RecordsError | OSError):
            raise error
        self.trouble.say(tr("The order was not made; what you typed stays here. {why}", why=error))
