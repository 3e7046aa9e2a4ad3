"""A warning or critical limit of one signal, as a person edits it: in the unit they read, checked in words."""

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from core.diagnostics.alarm_rules import SEVERITY_WORDS, AlarmRule, Severity, problems, tuning
from core.language import tr
from core.obd.signals import Signal
from ui import theme
from ui.widgets.buttons import Switch
from ui.widgets.gauge_model import number_text
from ui.widgets.gauge_units import Measure
from ui.widgets.icons import IconLabel
from ui.widgets.panels import label


class NotANumber(ValueError):  # noqa: N818 - reads like core.obd.signals.ShortData
    """What was typed is not a number; the message says so in words."""


def parse_number(text: str) -> float | None:
    """A number as a person types it, with a point or a comma and any minus sign; None for nothing.

    Raises ``NotANumber`` in the user's words.
    """
    plain = text.strip().replace("−", "-").replace(" ", "").replace(" ", "").replace(",", ".")
    if not plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        raise NotANumber(tr("“{text}” is not a number.", text=text.strip())) from None
    if not math.isfinite(value):
        raise NotANumber(tr("“{text}” is not a number.", text=text.strip()))
    return value


def plain_text(value: float | None, decimals: int) -> str:
    """A number for a field: as short as it is exact."""
    if value is None:
        return ""
    exact = (places for places in range(decimals + 1) if abs(value - round(value, places)) < 1e-9)
    return number_text(value, next(exact, decimals))


class NumberField(QWidget):
    """A caption over a field for a number. ``edited`` when a person has finished typing another text."""

    edited = QtSignal()

    def __init__(self, caption: str, name: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        self.caption = label(caption, "caption")
        self.field = QLineEdit()
        self.field.setAccessibleName(name)
        self.field.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.field.setMinimumWidth(theme.scaled(90))
        column.addWidget(self.caption)
        column.addWidget(self.field)
        self._shown = ""
        self.field.editingFinished.connect(self._finished)

    def show_text(self, text: str, hint: str = "") -> None:
        """Put a number in, or ``hint`` where there is none; what is being typed stays when the number is no other."""
        if text == self._shown and self.field.hasFocus():
            return
        self._shown = text
        self.field.setText(text)
        self.field.setPlaceholderText(hint)

    def value(self) -> float | None:
        """The number typed. Raises ``NotANumber``."""
        return parse_number(self.field.text())

    def set_wrong(self, wrong: bool) -> None:
        """Mark the field as the one with the mistake."""
        if bool(self.field.property("invalid")) != wrong:
            self.field.setProperty("invalid", wrong)
            self.field.style().unpolish(self.field)
            self.field.style().polish(self.field)

    def _finished(self) -> None:
        if self.field.text() != self._shown:
            self._shown = self.field.text()
            self.edited.emit()


@dataclass(frozen=True, slots=True)
class Draft:
    """What the fields say, in the unit shown; times in seconds."""

    on: bool
    above: float | None
    below: float | None
    hysteresis: float | None
    hold: float | None
    cooldown: float | None

    def rule(self, signal: Signal, severity: Severity, measure: Measure) -> AlarmRule:
        """The rule it means, in the signal's own unit; what was left empty is what suits the signal."""
        hysteresis, hold, cooldown = tuning(signal)
        stored = None if self.hysteresis is None else measure.stored_span(self.hysteresis)
        above, below = (None if end is None else measure.stored(end) for end in (self.above, self.below))
        if measure.shown(1.0) > measure.shown(2.0):  # a reciprocal unit (mpg): less there is more here
            above, below = below, above
        return AlarmRule(
            signal.name,
            severity,
            above,
            below,
            hysteresis if stored is None else stored,
            hold if self.hold is None else self.hold,
            cooldown if self.cooldown is None else self.cooldown,
            self.on,
        )


class LimitCard(QFrame):
    """One severity of one signal. ``rule_made(rule)`` when a person changed it to something that can work."""

    rule_made = QtSignal(object)

    def __init__(self, signal: Signal, severity: Severity) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._signal, self._severity = signal, severity
        self._measure: Measure | None = None
        self._rule: AlarmRule | None = None
        word = tr(SEVERITY_WORDS[severity])
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.space(4), theme.space(2), theme.space(4), theme.space(3))
        head = QHBoxLayout()
        head.addWidget(IconLabel(severity.value, 24, severity.value))
        head.addWidget(label(word, "heading"), 1)
        self.switch = Switch(False, word)
        self.switch.toggled.connect(self._switched)
        head.addWidget(self.switch)
        column.addLayout(head)
        self.above = NumberField(tr("Above"), tr("{word} above", word=word))
        self.below = NumberField(tr("Below"), tr("{word} below", word=word))
        self.hysteresis = NumberField(tr("Back by"), tr("Hysteresis: how far the value must come back"))
        self.hold = NumberField(tr("After"), tr("Hold time in seconds"))
        self.cooldown = NumberField(tr("Pause"), tr("Cool-down in seconds"))
        self.fields = (self.above, self.below, self.hysteresis, self.hold, self.cooldown)
        grid = QGridLayout()
        grid.setSpacing(theme.space(2))
        for n, field in enumerate(self.fields):
            grid.addWidget(field, n // 2 if n < 2 else 1, n if n < 2 else n - 2)
            field.edited.connect(self._changed)
        for column_ in range(3):
            grid.setColumnStretch(column_, 1)
        column.addLayout(grid)
        self.meaning = label(
            tr(
                "The alarm comes when the value has been outside for “after”, ends when it is “back by” that much, and "
                "does not come again during the “pause”."
            ),
            "caption",
            wrap=True,
        )
        column.addWidget(self.meaning)
        self.problem: QLabel = label("", "invalid", wrap=True)
        column.addWidget(self.problem)
        self.problem.hide()

    def show_rule(self, rule: AlarmRule | None, measure: Measure) -> None:
        """Show the rule in force, in the unit of ``measure``; what is being typed stays when it is no other."""
        if (rule, measure) == (self._rule, self._measure):
            return
        self._rule, self._measure = rule, measure
        decimals, unit = max(measure.decimals, 1), measure.unit_text
        above, below = (None, None) if rule is None else (rule.above, rule.below)
        if measure.shown(1.0) > measure.shown(2.0):
            above, below = below, above
        hysteresis, hold, cooldown = tuning(self._signal)
        self.switch.set_value(rule is not None and rule.enabled)
        self._unfold(self.switch.isChecked())
        tail = f" ({unit})" if unit else ""
        for field, caption, value in ((self.above, tr("Above"), above), (self.below, tr("Below"), below)):
            field.caption.setText(caption + tail)
            field.show_text(plain_text(None if value is None else measure.shown(value), decimals))
        span = measure.shown_span(rule.hysteresis if rule else hysteresis)
        self.hysteresis.caption.setText(tr("Back by") + tail)
        self.hysteresis.show_text(plain_text(span, decimals + 1))
        self.hold.caption.setText(tr("After (s)"))
        self.hold.show_text(plain_text(rule.hold_s if rule else hold, 1))
        self.cooldown.caption.setText(tr("Pause (s)"))
        self.cooldown.show_text(plain_text(rule.cooldown_s if rule else cooldown, 1))
        self._say("")

    def _switched(self, on: bool) -> None:
        self._unfold(on)
        self._changed()
        if on:
            self.above.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _unfold(self, on: bool) -> None:
        """A limit that is off is one line."""
        for part in (*self.fields, self.meaning):
            part.setVisible(on)

    def _changed(self) -> None:
        """Something was typed or switched: make a rule of it, or say what is wrong."""
        if self._measure is None:
            return
        rule = self._read()
        if rule is None:
            return
        if not rule.enabled and rule.above is None and rule.below is None:
            if self._rule is None:
                self._say("")
                return  # never was one
            rule = replace(self._rule, enabled=False)
        wrong = next(iter(problems(rule)), "")
        self._say(wrong)
        for field in (self.above, self.below):
            field.set_wrong(bool(wrong))
        if not wrong and rule != self._rule:
            self._rule = rule
            self.rule_made.emit(rule)

    def _read(self) -> AlarmRule | None:
        values: list[float | None] = []
        for field in self.fields:
            field.set_wrong(False)
            try:
                values.append(field.value())
            except NotANumber as error:
                field.set_wrong(True)
                self._say(str(error))
                return None
        assert self._measure is not None
        above, below, hysteresis, hold, cooldown = values
        draft = Draft(self.switch.isChecked(), above, below, hysteresis, hold, cooldown)
        return draft.rule(self._signal, self._severity, self._measure)

    def _say(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
