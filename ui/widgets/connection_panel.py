"""The connection panel: what is wrong and what to try, the adapter's address, and what the link achieves."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.language import tr, trn
from core.obd.gaps import WORDS as GAP_WORDS
from core.obd.signals import SIGNALS
from core.obd.status import LinkStatus
from core.obd.words import explain
from ui import theme, words
from ui.context import UiContext
from ui.people_rights import may_open
from ui.widgets.buttons import Button
from ui.widgets.connection_form import AddressForm
from ui.widgets.dialogs import Sheet
from ui.widgets.icons import IconLabel
from ui.widgets.panels import Separator, label
from ui.widgets.top_bar import link_shape
from ui.widgets.touch import scrolling
from ui.widgets.vehicle_name import VehicleName

DIALECTS = {"elm327": "ELM327", "clone": "ELM327 clone", "stn": "STN", "can": "CAN"}


class Facts(QWidget):
    """Names and values in two columns. Labels are kept and only rewritten, so that nothing flickers."""

    def __init__(self, tabular: bool = False) -> None:
        super().__init__()
        self._tabular = tabular
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.space(5))
        self._grid.setVerticalSpacing(theme.space(2))
        self._grid.setColumnStretch(0 if tabular else 1, 1)

    def show_facts(self, facts: list[tuple[str, str]]) -> None:
        """Show these and no others."""
        while len(self._rows) < len(facts):
            name, value = label("", "muted", select=True), label("", wrap=not self._tabular, select=True)
            if self._tabular:
                name.setWordWrap(True)
                value.setFont(theme.font(theme.base, "medium", tabular=True))
                value.setAlignment(Qt.AlignmentFlag.AlignRight)
            at = len(self._rows)
            self._grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, at, 1, Qt.AlignmentFlag.AlignTop)
            self._rows.append((name, value))
        for at, pair in enumerate(self._rows):
            for part, text in zip(pair, facts[at] if at < len(facts) else ("", ""), strict=True):
                if part.text() != text:
                    part.setText(text)
                if part.isHidden() == bool(text):
                    part.setVisible(bool(text))

    def facts(self) -> list[tuple[str, str]]:
        """What is shown."""
        return [(name.text(), value.text()) for name, value in self._rows if name.text()]


def mode_words(mode: str) -> str:
    """How values are asked for, in words: ``"elm-batch6-count"`` is several at once, with the answers counted."""
    if mode == "can-isotp":
        return tr("directly on the bus, up to 6 values a request")
    parts = mode.split("-")
    if any(part.startswith("batch") for part in parts):
        return tr("up to 6 values a request, answers counted") if "count" in parts else tr("up to 6 values a request")
    if "single" in parts:
        return tr("one value a request, answers counted") if "count" in parts else tr("one value a request")
    return mode


def adapter_facts(status: LinkStatus) -> list[tuple[str, str]]:
    """What is known of adapter and car, without empty lines."""
    adapter = status.adapter
    units = ", ".join(f"{ecu.id} ({tr(ecu.name)})" if ecu.name else ecu.id for ecu in status.ecus)
    facts = [
        (tr("Adapter"), adapter.model if adapter else ""),
        (tr("Speaks"), DIALECTS.get(adapter.dialect, adapter.dialect) if adapter else ""),
        (tr("Baud rate"), words.count(adapter.baud) if adapter and adapter.baud else ""),
        (tr("Protocol"), status.protocol),
        (tr("Control units"), units),
        (tr("VIN"), status.vin),
        (tr("Voltage"), f"{words.number(status.voltage, 1)} V" if status.voltage is not None else ""),
        (tr("Way of asking"), mode_words(status.mode)),
        (tr("Reconnected"), trn("{count} time", "{count} times", status.reconnects) if status.reconnects else ""),
    ]
    return [(name, value) for name, value in facts if value]


def rate_facts(status: LinkStatus) -> list[tuple[str, str]]:
    """What each signal achieves, the fastest first."""
    found = []
    for name, hz in sorted(status.hz.items(), key=lambda pair: (-pair[1], pair[0])):
        signal = SIGNALS.get(name.partition("@")[0])
        found.append((tr(signal.title) if signal else name, f"{words.number(hz, 1)} Hz"))
    return found


def gap_facts(status: LinkStatus) -> list[tuple[str, str]]:
    """What came instead of values, the most frequent first."""
    counts = sorted(status.gaps.items(), key=lambda pair: -pair[1])
    return [(tr(GAP_WORDS[kind]), words.count(count)) for kind, count in counts if count]


class _Section(QWidget):
    """A heading over facts; hidden while there are none."""

    def __init__(self, heading: str, tabular: bool = False) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addWidget(Separator())
        self.heading = label(heading, "heading")
        column.addWidget(self.heading)
        self.facts = Facts(tabular)
        column.addWidget(self.facts)

    def show_facts(self, facts: list[tuple[str, str]]) -> None:
        self.facts.show_facts(facts)
        self.setVisible(bool(facts))


class ConnectionPanel(Sheet):
    """The drawer that opens from the adapter's chip. ``show_now`` brings it up to date, twice a second."""

    def __init__(self, anchor: QWidget, context: UiContext) -> None:
        super().__init__(anchor, tr("Connection"), side="right", width=640)
        self._context = context
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, theme.space(2), 0)
        column.setSpacing(theme.space(4))
        column.addLayout(self._headline())
        self.form = AddressForm(self._connect, self._disconnect)
        column.addWidget(self.form)
        self.adapter = _Section(tr("Adapter and car"))
        self.rates = _Section(tr("Values a second"), tabular=True)
        self.gaps = _Section(tr("Answers that were not values"), tabular=True)
        self.vehicle = VehicleName(context.session)
        self.open_vehicle = Button(tr("Its vehicle in the workshop"), "car")
        self.open_vehicle.clicked.connect(lambda _=False: self._open_vehicle())
        for section in (self.adapter, self.vehicle, self.open_vehicle, self.rates, self.gaps):
            column.addWidget(section)
        column.addStretch()
        self.body.addWidget(scrolling(content))
        self.form.show_address(context.session.status().address or context.preferences.address)
        self.form.look()
        self.show_now(context.session.status())

    def open(self, focus: QWidget | None = None) -> None:
        super().open(focus or self.form.connect_button)

    def _headline(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.space(3))
        row = QHBoxLayout()
        row.setSpacing(theme.space(4))
        self._shape = IconLabel("plug", 44)
        row.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignTop)
        text = QVBoxLayout()
        text.setSpacing(theme.space(1))
        self.headline = label("", "title", wrap=True)
        self.detail = label("", wrap=True)
        self.retry = label("", "caption")
        self.retry.setFont(theme.font(theme.scaled(15), tabular=True))
        for part in (self.headline, self.detail, self.retry):
            text.addWidget(part)
        row.addLayout(text, 1)
        column.addLayout(row)
        self.steps = label(tr("What to try"), "heading")
        column.addWidget(self.steps)
        self.tries = Facts()
        column.addWidget(self.tries)
        return column

    def show_now(self, status: LinkStatus) -> None:
        """Show the link as it is."""
        said = explain(status)
        self._shape.show_icon(*link_shape(status))
        for part, text in (
            (self.headline, said.headline),
            (self.detail, said.detail),
            (self.retry, self._next_try(status)),
        ):
            if part.text() != text:
                part.setText(text)
            part.setVisible(bool(text))
        self.tries.show_facts([(f"{at}.", step) for at, step in enumerate(said.tries, 1)])
        for block in (self.steps, self.tries):
            block.setVisible(bool(said.tries))
        self.adapter.show_facts(adapter_facts(status))
        self.vehicle.show_vehicle(self._context.session.profile, status.vin)
        context = self._context
        its = bool(status.vin) and context.records is not None and may_open(context.actor, "vehicles")
        self.open_vehicle.setVisible(its)
        self.rates.show_facts(rate_facts(status))
        self.rates.heading.setText(
            tr("Values a second: {rate}", rate=words.number(status.values_per_second))
            if status.hz
            else tr("Values a second")
        )
        self.gaps.show_facts(gap_facts(status))
        self.form.disconnect_button.setEnabled(bool(status.address))

    def _next_try(self, status: LinkStatus) -> str:
        if status.retry_in is None:
            return ""
        return tr("Next try in {seconds} s, by itself.", seconds=max(0, round(status.retry_in)))

    def _connect(self, address: str) -> None:
        self._context.session.connect(address)
        self._keep(address)

    def _open_vehicle(self) -> None:
        vin = self._context.session.status().vin
        if vin and self._context.frame is not None:
            self._context.frame.open_row("vins", vin)

    def _disconnect(self) -> None:
        self._context.session.disconnect()
        self._keep("")

    def _keep(self, address: str) -> None:
        self._context.preferences.address = address
        self._context.keep_preferences()
        self.show_now(self._context.session.status())
