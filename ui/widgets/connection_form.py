"""The address field of the connection panel: what is plugged in to choose from, or an address typed by hand."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.language import tr
from core.obd import ports
from core.obd.address import AddressError, parse
from core.obd.ports import Port
from ui import background, theme
from ui.widgets.buttons import Button, Choice, IconButton
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label


class AddressForm(QWidget):
    """``connect_to`` is called with a checked address, ``disconnect`` ends the wish to be connected."""

    def __init__(self, connect_to: Callable[[str], object], disconnect: Callable[[], object]) -> None:
        super().__init__()
        self._connect_to = connect_to
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addWidget(label(tr("Adapter address"), "caption"))
        row = QHBoxLayout()
        row.setSpacing(theme.space(2))
        self.field = Choice(tr("Adapter address"))
        line = QLineEdit()
        self.field.setLineEdit(line)
        self.field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.field.setMinimumContentsLength(12)
        line.setPlaceholderText("serial:///dev/ttyUSB0")
        line.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly | Qt.InputMethodHint.ImhNoAutoUppercase)
        line.returnPressed.connect(self.submit)
        line.textEdited.connect(lambda _: self._say(""))
        self.field.activated.connect(self._chosen)
        row.addWidget(self.field, 1)
        look = IconButton("refresh", tr("Look for adapters again"), role="")
        look.clicked.connect(lambda _=False: self.look())
        row.addWidget(look)
        column.addLayout(row)
        self._problem_row = QWidget()
        problem = QHBoxLayout(self._problem_row)
        problem.setContentsMargins(0, 0, 0, 0)
        problem.addWidget(IconLabel("critical", 24, "critical"), 0, Qt.AlignmentFlag.AlignTop)
        self.problem = label("", "invalid", wrap=True)
        problem.addWidget(self.problem, 1)
        self._problem_row.hide()
        column.addWidget(self._problem_row)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.space(2))
        self.connect_button = Button(tr("Connect"), "plug", role="primary")
        self.connect_button.clicked.connect(lambda _=False: self.submit())
        self.disconnect_button = Button(tr("Disconnect"), "plug-off")
        self.disconnect_button.clicked.connect(lambda _=False: disconnect())
        buttons.addWidget(self.connect_button, 1)
        buttons.addWidget(self.disconnect_button, 1)
        column.addLayout(buttons)
        self.found = label("", "caption", wrap=True)
        column.addWidget(self.found)

    def show_address(self, address: str) -> None:
        """Put an address into the field."""
        self.field.setEditText(address)
        self._say("")

    def address(self) -> str:
        return self.field.currentText().strip()

    def submit(self) -> None:
        """Check what stands in the field and connect to it, or say what is wrong with it."""
        address = self.address()
        try:
            parse(address)
            self._connect_to(address)
        except AddressError as error:
            self._say(str(error))
        else:
            self._say("")

    def look(self) -> None:
        """Look at what is plugged in, off the window's thread: some drivers take their time."""
        self.found.setText(tr("Looking for adapters…"))
        background.run(self, ports.list_ports, self.show_ports, lambda error: self.found.setText(str(error)))

    def show_ports(self, found: list[Port]) -> None:
        """Offer the ports; what is typed in the field stays."""
        typed = self.field.currentText()
        self.field.clear()
        for port in found:
            self.field.addItem(f"{port.title}\n{port.address}", port.address)
        self.field.setCurrentIndex(-1)
        self.field.setEditText(typed)
        if not found:
            self.found.setText(tr("No adapter is plugged in. A WiFi adapter's address can be typed."))
        elif len(found) == 1:
            self.found.setText(tr("1 adapter is plugged in; it is in the list."))
        else:
            self.found.setText(tr("{count} adapters are plugged in; they are in the list.", count=len(found)))

    def _chosen(self, index: int) -> None:
        self.show_address(str(self.field.itemData(index)))

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self._problem_row.setVisible(bool(problem))
        self.field.setProperty("invalid", "true" if problem else "false")
        self.field.style().polish(self.field)
