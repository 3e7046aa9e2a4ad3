"""How alarms get a person's attention: the count for the bell, the sound, and who has seen what."""

import time

from PySide6.QtWidgets import QApplication

from core.diagnostics.alarms import Alarm, UnknownAlarm
from ui.context import UiContext
from ui.widgets.alarm_drawer import AlarmDrawer

REPEAT_S = 5.0  # a critical alarm nobody has acknowledged sounds again


class AlarmAttention:
    """Hears of the alarms twice a second."""

    drawer = AlarmDrawer

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self._known: set[str] = set()
        self._sounded_at = float("-inf")

    def sum_up(self, active: tuple[Alarm, ...]) -> tuple[int, str]:
        """Their number, and the worst severity among those still on ("" when all are over)."""
        on = [alarm for alarm in active if alarm.cleared_at is None]
        severities = {str(alarm.rule.severity) for alarm in on}
        return len(active), "critical" if "critical" in severities else "warning" if severities else ""

    def hear(self, active: tuple[Alarm, ...]) -> None:
        """Sound when an alarm is new, and again while a critical one is on and nobody says they saw it."""
        new = {alarm.id for alarm in active if alarm.state == "active"} - self._known
        self._known = {alarm.id for alarm in active}
        urgent = any(alarm.state == "active" and alarm.rule.severity == "critical" for alarm in active)
        now = time.monotonic()
        if new or (urgent and now - self._sounded_at >= REPEAT_S):
            self._sounded_at = now
            if self._context.preferences.alarm_sound:
                QApplication.beep()

    def acknowledge(self, id: str) -> str:
        """Acknowledge in the terminal's name; returns what stood in the way, in words, or ""."""
        try:
            self._context.session.alarms.acknowledge(id, self._context.terminal_name)
        except UnknownAlarm as error:
            return str(error)
        return ""
