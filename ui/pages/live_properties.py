"""What one gauge shows and how, edited beside it while it runs: every choice is applied at once and can be undone."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.diagnostics.alarm_rules import AlarmRule, Severity
from core.language import tr
from core.obd.units import choices, unit_words
from ui import theme
from ui.pages.live_limits import LimitCard, NotANumber, NumberField, plain_text
from ui.widgets import alarm_strip, icons
from ui.widgets.buttons import Button, Switch
from ui.widgets.gauge_model import DRESS_NAMES, Dress, GaugeSpec, signal_of, title_of
from ui.widgets.gauge_units import Measure, measure
from ui.widgets.panels import label


class _DressButton(QToolButton):
    """A picture over a word, in the colours of the theme in use."""

    def __init__(self, dress: Dress, name: str) -> None:
        super().__init__()
        self._dress = dress
        self.setText(name)
        self.setAccessibleName(name)
        self.setIconSize(QSize(28, 28))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # The window's sheet makes buttons for one line; this one has two.
        self.setStyleSheet(f"min-height: {theme.scaled(68)}px; padding: 8px 0 4px 0;")
        self._tint()

    def _tint(self) -> None:
        self.setIcon(icons.icon(self._dress.value, "text", 28))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._tint()


class DressChoice(QWidget):
    """The four dresses, each with its picture and its word. ``chosen(dress)``."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Form"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        self._group = QButtonGroup(self)
        self.buttons: dict[Dress, QToolButton] = {}
        for dress, name in DRESS_NAMES.items():
            button = self.buttons[dress] = _DressButton(dress, tr(name))
            self._group.addButton(button)
            button.clicked.connect(lambda _=False, dress=dress: self.chosen.emit(dress))
            row.addWidget(button)

    def show_choice(self, dress: Dress, words: bool) -> None:
        """Show what is chosen; a signal that has ``words`` and no scale is always a number."""
        for each, button in self.buttons.items():
            button.setEnabled(not words or each is Dress.NUMBER)
            button.setChecked(each is (Dress.NUMBER if words else dress))


class GaugeProperties(QWidget):
    """The properties of the gauge of ``show_gauge``.

    ``changed(spec)``: a person wants it so. ``rule_made(rule)``: a limit was edited. ``signal_asked``: another signal
    is wanted. ``reset_asked``, ``remove_asked``.
    """

    changed = Signal(object)
    rule_made = Signal(object)
    signal_asked = Signal()
    reset_asked = Signal()
    remove_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._spec: GaugeSpec | None = None
        self._measure = Measure("", "", 0)
        self._preferred: tuple[str, ...] = ("metric",)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, theme.space(2), alarm_strip.room())
        self._column.setSpacing(theme.space(3))
        self._build_look()
        self._limits_at = QVBoxLayout()
        self._limits_at.setSpacing(theme.space(3))
        self._column.addLayout(self._limits_at)
        self.cards: dict[Severity, LimitCard] = {}
        self._cards_for = ""
        self.reset = Button(tr("Back to the usual limits and looks"), "undo")
        self.reset.clicked.connect(lambda _=False: self.reset_asked.emit())
        self.remove = Button(tr("Remove this gauge"), "trash")
        self.remove.clicked.connect(lambda _=False: self.remove_asked.emit())
        for button in (self.signal, self.reset, self.remove):  # long words must not make the drawer wider than it is
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._column.addWidget(self.reset)
        self._column.addWidget(self.remove)
        self._column.addStretch(1)

    def _build_look(self) -> None:
        self.signal = Button("", "search")
        self.signal.clicked.connect(lambda _=False: self.signal_asked.emit())
        self._column.addWidget(label(tr("Signal"), "caption"))
        self._column.addWidget(self.signal)
        self.dress = DressChoice()
        self.dress.chosen.connect(lambda dress: self._choose(dress=dress))
        self._column.addWidget(self.dress)
        self.unit_caption = label(tr("Unit"), "caption")
        self.unit = QComboBox()
        self.unit.setAccessibleName(tr("Unit"))
        self.unit.activated.connect(lambda n: self._choose(unit=self.unit.itemData(n)))
        self._column.addWidget(self.unit_caption)
        self._column.addWidget(self.unit)
        self.scale = QWidget()
        row = QHBoxLayout(self.scale)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.space(2))
        self.low = NumberField(tr("Scale from"), tr("Scale from"))
        self.high = NumberField(tr("to"), tr("Scale to"))
        for field in (self.low, self.high):
            field.edited.connect(self._scale_typed)
            row.addWidget(field)
        self._column.addWidget(self.scale)
        self.scale_problem: QLabel = label("", "invalid", wrap=True)
        self.scale_problem.hide()
        self._column.addWidget(self.scale_problem)
        self.marks = self._switch(tr("Lowest, mean and highest"), "marks")
        self.rate = self._switch(tr("Values a second"), "rate")

    def _switch(self, words: str, name: str) -> Switch:
        row = QHBoxLayout()
        row.addWidget(label(words), 1)
        switch = Switch(False, words)
        switch.toggled.connect(lambda on: self._choose(**{name: on}))
        row.addWidget(switch)
        self._column.addLayout(row)
        return switch

    # --- what it shows

    @property
    def spec(self) -> GaugeSpec | None:
        """The gauge that is edited."""
        return self._spec

    def begin(self) -> None:
        """Another gauge is opened: forget what was typed and not accepted."""
        self._cards_for = ""

    def show_gauge(
        self, spec: GaugeSpec, rules: Iterable[AlarmRule], preferred: tuple[str, ...], automatic: tuple[float, float]
    ) -> None:
        """Show a gauge, its alarm rules, the units it prefers, and the ends its scale has by itself (own unit)."""
        self._spec, self._preferred = spec, preferred
        signal = signal_of(spec.signal)
        self._measure = measure(signal, spec.unit, *preferred)
        words = signal is not None and signal.kind != "number"
        self.signal.show_words(title_of(spec.signal), "search")
        self.dress.show_choice(spec.dress, words)
        self._show_units("" if signal is None or words else signal.unit)
        numeric = signal is not None and not words
        self.scale.setVisible(numeric)
        self._show_scale(automatic)
        for switch, on in ((self.marks, spec.marks), (self.rate, spec.rate)):
            switch.set_value(on)
        self._show_rules(tuple(rules), numeric)

    def _show_units(self, own: str) -> None:
        offered = choices(own) if own else ()
        with QSignalBlocker(self.unit):
            self.unit.clear()
            usual = measure(signal_of(self._spec.signal) if self._spec else None, "", *self._preferred).unit_text
            self.unit.addItem(tr("As preferred ({unit})", unit=usual), "")
            for unit in offered:
                self.unit.addItem(unit_words(unit), unit)
            chosen = self._spec.unit if self._spec else ""
            self.unit.setCurrentIndex(max(0, self.unit.findData(chosen)))
        several = len(offered) > 1
        self.unit.setVisible(several)
        self.unit_caption.setVisible(several)

    def _show_scale(self, automatic: tuple[float, float]) -> None:
        spec, m = self._spec, self._measure
        if spec is None:
            return
        tail = f" ({m.unit_text})" if m.unit else ""
        self.low.caption.setText(tr("Scale from") + tail)
        self.high.caption.setText(tr("to") + tail)
        for field, end, usual in ((self.low, spec.low, automatic[0]), (self.high, spec.high, automatic[1])):
            hint = tr("automatic: {value}", value=plain_text(m.shown(usual), max(1, m.decimals)))
            field.show_text(plain_text(None if end is None else m.shown(end), m.decimals + 1), hint)
            field.set_wrong(False)
        self._say_scale("")

    def _show_rules(self, rules: tuple[AlarmRule, ...], numeric: bool) -> None:
        spec = self._spec
        signal = signal_of(spec.signal) if spec else None
        name = signal.name if signal is not None and numeric else ""
        if name != self._cards_for:
            for card in self.cards.values():
                self._limits_at.removeWidget(card)
                card.deleteLater()
            self.cards = {}
            self._cards_for = name
            if signal is not None and numeric:
                for severity in (Severity.WARNING, Severity.CRITICAL):
                    card = self.cards[severity] = LimitCard(signal, severity)
                    card.rule_made.connect(self.rule_made)
                    self._limits_at.addWidget(card)
        for severity, card in self.cards.items():
            found = next((rule for rule in rules if rule.signal == name and rule.severity == severity), None)
            card.show_rule(found, self._measure)

    # --- what a person does

    def _choose(self, **chosen: object) -> None:
        if self._spec is None:
            return
        spec = replace(self._spec, **chosen)  # type: ignore[arg-type]
        if spec != self._spec:
            self._spec = spec
            self.changed.emit(spec)

    def _scale_typed(self) -> None:
        ends: list[float | None] = []
        for field in (self.low, self.high):
            field.set_wrong(False)
            try:
                typed = field.value()
            except NotANumber as error:
                field.set_wrong(True)
                self._say_scale(str(error))
                return
            ends.append(None if typed is None else self._measure.stored(typed))
        low, high = ends
        if low is not None and high is not None and low == high:
            self._say_scale(tr("A scale needs two different ends."))
            self.high.set_wrong(True)
            return
        if low is not None and high is not None and low > high:
            low, high = high, low
        self._say_scale("")
        self._choose(low=low, high=high)

    def _say_scale(self, words: str) -> None:
        self.scale_problem.setText(words)
        self.scale_problem.setVisible(bool(words))


def defaults_of(spec: GaugeSpec) -> GaugeSpec:
    """The gauge as it was when it was added: its own unit, scale and marks are forgotten."""
    return GaugeSpec(spec.id, spec.signal, spec.dress, spec.cells)


def usual_dress(key: str) -> Dress:
    """The dress a signal is added in."""
    signal = signal_of(key)
    if signal is None or signal.kind != "number":
        return Dress.NUMBER
    return USUAL_DRESS.get(signal.name) or (Dress.BAR if signal.unit == "%" else Dress.NUMBER)


USUAL_DRESS: Mapping[str, Dress] = {
    "engine_speed": Dress.DIAL,
    "vehicle_speed": Dress.DIAL,
    "coolant_temperature": Dress.DIAL,
    "oil_temperature": Dress.DIAL,
}
