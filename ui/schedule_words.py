"""What the schedule says: hours, times and what is wrong, in the person's language."""

import datetime as dt

from PySide6.QtCore import QDate

from core.language import tr
from core.planning.absences import KINDS
from core.planning.local_days import HOUR_MS, at
from core.planning.schedule_views import APPOINTMENT, Block, Unplanned
from core.workshop.states import Status
from ui import words
from ui.order_words import status_shape, status_words

_DONE = (Status.READY.value, Status.DELIVERED.value)
_TENTH_MS = HOUR_MS // 10
_COMING = {"booked": ("calendar", "text_muted"), "confirmed": ("calendar", "info"), "arrived": ("car", "info")}


def hours(ms: int) -> str:
    """A length of time for people: "2 h", "1.5 h", "15 min"."""
    if 0 < ms < HOUR_MS:
        return tr("{count} min", count=round(ms / 60_000))
    value = ms / HOUR_MS
    decimals = 0 if value == int(value) else 1 if round(value * 10) == value * 10 else 2
    return tr("{count} h", count=words.number(value, decimals))


def about(ms: int) -> str:
    """A length of time to the tenth of an hour, for what is summed up or estimated: "6.2 h", "48 min"."""
    return hours(round(ms / _TENTH_MS) * _TENTH_MS)


def clock(instant: int, here: dt.tzinfo) -> str:
    """The time of day where the shop is: "14:30"."""
    return f"{at(instant, here):%H:%M}"


def day(date: dt.date) -> str:
    """A day: "Mon 23 Nov"."""
    return words.locale().toString(_qdate(date), tr("ddd d MMM"))


def long_day(date: dt.date) -> str:
    """A day with its whole name: "Monday 23 November"."""
    return words.locale().toString(_qdate(date), tr("dddd d MMMM"))


def weekday(number: int) -> str:
    """1 is Monday."""
    return words.locale().dayName(number)


def _qdate(date: dt.date) -> QDate:
    return QDate(date.year, date.month, date.day)


def shape(block: Block) -> tuple[str, str]:
    """Icon and colour token of a block: of its order's state, or of the appointment that waits for one."""
    if block.kind == APPOINTMENT and block.job.status is None:
        return _COMING.get(block.status or "booked", ("calendar", "text_muted"))
    return status_shape(block.job.status)


def state(block: Block) -> str:
    """The word for ``shape``."""
    if block.kind == APPOINTMENT and block.job.status is None:
        return tr("Appointment")
    return status_words(block.job.status)


def done(block: Block) -> bool:
    """Whether nothing is left to do."""
    return block.job.status in _DONE


def late(promised_at: int | None, status: str | None, now: int) -> bool:
    """Whether what was promised is past, and the vehicle is not ready."""
    return promised_at is not None and promised_at < now and status not in _DONE


def who(block: Block, by_bay: bool) -> str:
    """The other of bay and person: what the row does not say."""
    return block.staff if by_bay else block.bay


def title(plate: str | None, number: str | None, fallback: str) -> str:
    """What a block is called first."""
    return plate or number or fallback


def left(card: Unplanned) -> str:
    """How much of an order no time is set aside for."""
    if card.left is None:
        return tr("no time estimated")
    if card.left == 0:
        return tr("its time is used up")
    return (
        tr("{hours} to plan", hours=about(card.left))
        if not card.carried
        else tr("{hours} left", hours=about(card.left))
    )


def away(kind: str) -> str:
    """Why somebody is away or a bay is out of use."""
    return tr(KINDS.get(kind, KINDS["other"]))


def short_day(date: dt.date) -> str:
    """A day without its name: "23 Nov"."""
    return words.locale().toString(_qdate(date), tr("d MMM"))
