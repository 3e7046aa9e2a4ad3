"""The alarms a recording would raise today: its samples held against the vehicle's own limits, off the window's thread.

A recording does not keep its alarms: limits may have been edited since, and what a person looks for is where the values
were outside.
"""

import math

from PySide6.QtCore import QObject

from core.diagnostics.alarm_rules import rules_with
from core.diagnostics.alarms import AlarmBook
from core.diagnostics.playback import Playback
from ui import background
from ui.widgets.timeline_track import AlarmMark


class RecordedAlarms(QObject):
    """``marks`` fill up while the recording is being decoded; ``look`` now and then."""

    def __init__(self, playback: Playback, parent: QObject) -> None:
        super().__init__(parent)
        self.marks: tuple[AlarmMark, ...] = ()
        self._signals = playback.whole
        self._book = AlarmBook(rules_with(playback.profile.limits))
        self._busy = False
        self._seen = 0

    def look(self) -> None:
        """Take over what has been decoded since; returns at once."""
        total = sum(self._signals.count(key) for key in self._signals.keys())  # noqa: SIM118 - a method of the store
        if self._busy or total == self._seen:
            return
        self._busy, self._seen = True, total
        background.run(self, lambda: self._book.evaluate(self._signals, math.inf), self._done)

    def _done(self, _: None) -> None:
        self._busy = False
        found = (*self._book.active(), *self._book.history())
        self.marks = tuple(AlarmMark(alarm.raised_at, str(alarm.rule.severity), alarm.rule.words) for alarm in found)
