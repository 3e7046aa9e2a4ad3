"""What the head and the tabs of an open order say, read in a few statements."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core.language import tr, trn
from core.records.records import Records
from core.workshop.clock import clocked_on, list_punches
from core.workshop.lines import list_lines
from core.workshop.notes import list_notes, list_photos
from core.workshop.part_states import PartBadge, PartState, part_badges
from core.workshop.shop import shop_details
from core.workshop.totals import totals
from ui import words

MANY = 99  # beyond it the exact count is no news
MOST = 500
PLAIN, GOOD, WATCH, BAD, NEWS = "text_muted", "ok", "warning", "critical", "info"


@dataclass(frozen=True, slots=True)
class Summary:
    """How an order stands. Money in minor units, ``worked_ms`` milliseconds."""

    lines: int = 0
    gross: int = 0
    currency: str = ""
    approved: int = 0
    declined: int = 0
    verdicts: Mapping[str, int] = field(default_factory=dict)
    parts: PartBadge | None = None
    notes: int = 0
    unread: int = 0
    photos: int = 0
    worked_ms: int = 0
    on_now: int = 0  # people clocked on
    invoice: str = ""
    invoice_token: str = PLAIN

    def captions(self) -> dict[str, tuple[str, str]]:
        """One line for each tab, with the token of its colour; "" where there is nothing to say."""
        return {
            "work": self._work(),
            "estimate": self._estimate(),
            "inspection": self._inspection(),
            "parts": self._parts(),
            "notes": self._notes(),
            "files": (_count(self.photos), PLAIN),
            "invoice": (self.invoice, self.invoice_token),
        }

    def _work(self) -> tuple[str, str]:
        hours = words.number(self.worked_ms / 3_600_000, 1)
        if self.on_now:
            return tr("on now, {hours} h", hours=hours), NEWS
        return (tr("{hours} h", hours=hours), PLAIN) if self.worked_ms else ("", PLAIN)

    def _estimate(self) -> tuple[str, str]:
        if not self.lines:
            return "", PLAIN
        undecided = self.lines - self.approved - self.declined
        if undecided:
            return trn("{count} open", "{count} open", undecided), WATCH
        return tr("{count} of {all} yes", count=self.approved, all=self.lines), GOOD

    def _inspection(self) -> tuple[str, str]:
        red, yellow = self.verdicts.get("red", 0), self.verdicts.get("yellow", 0)
        if red:
            return trn("{count} red", "{count} red", red), BAD
        if yellow:
            return trn("{count} yellow", "{count} yellow", yellow), WATCH
        return (tr("all green"), GOOD) if self.verdicts.get("green") else ("", PLAIN)

    def _parts(self) -> tuple[str, str]:
        if self.parts is None or self.parts.state is None:
            return "", PLAIN
        return {
            PartState.NOT_ORDERED: (tr("not ordered"), BAD),
            PartState.ON_THE_WAY: (tr("on the way"), WATCH),
            PartState.HERE: (tr("here"), GOOD),
            PartState.FITTED: (tr("fitted"), PLAIN),
        }[self.parts.state]

    def _notes(self) -> tuple[str, str]:
        if self.unread:
            return trn("{count} unread", "{count} unread", self.unread), NEWS
        return _count(self.notes), PLAIN


def _count(number: int) -> str:
    return "" if not number else str(number) if number <= MANY else f"{MANY}+"


def read_summary(records: Records, row: str, staff_id: str | None) -> Summary:
    """How an order stands, for somebody of the staff or for the terminal itself. Raises ``NotFound``."""
    with records.read() as session:
        lines = list_lines(session, row)
        worked, on_now = _worked(session, row)
        return Summary(
            lines=len(lines),
            gross=totals(lines).gross,
            currency=shop_details(session).currency,
            parts=part_badges(session, [row]).get(row),
            notes=len(list_notes(session, row, limit=MANY + 1).items),
            photos=len(list_photos(session, row, limit=MANY + 1).items),
            worked_ms=worked,
            on_now=on_now,
        )


def _worked(session: Session, row: str) -> tuple[int, int]:
    """Milliseconds worked on an order, and how many people are on it now."""
    begun: dict[str, int] = {}
    total = 0
    punches = list_punches(session, order_id=row, limit=MOST).items
    for each in reversed(punches):
        person, at = each.staff_id or "", each.at or 0
        if each.direction == "in":
            begun.setdefault(person, at)
        elif person in begun:
            total += max(0, at - begun.pop(person))
    now = round(time.time() * 1000)
    on = [each for each in clocked_on(session) if each.order_id == row]
    return total + sum(max(0, now - at) for at in begun.values()), len(on)
