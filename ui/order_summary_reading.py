"""What the head and the tabs of an open order say, read in a few statements."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from core.language import tr, trn
from core.records.records import Records
from core.workshop.decisions import APPROVED, DECLINED
from core.workshop.estimates import estimate
from core.workshop.hours import OrderTime, order_times
from core.workshop.inspections import RED, YELLOW, list_inspections
from core.workshop.invoice_reading import list_invoices
from core.workshop.invoice_standing import WORDS as STANDINGS
from core.workshop.mentions import unread_counts
from core.workshop.notes import list_notes, list_photos
from core.workshop.part_states import PartBadge, PartState, part_badges
from core.workshop.shop import shop_details
from ui import words

MANY = 99  # beyond it the exact count is no news
MOST = 500
PLAIN, GOOD, WATCH, BAD, NEWS = "text_muted", "ok", "warning", "critical", "info"


@dataclass(frozen=True, slots=True)
class Summary:
    """How an order stands. Money in minor units; ``gross`` is of what was not declined."""

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
    time: OrderTime = field(default_factory=OrderTime)
    invoice: str = ""  # the state of the order's newest paper

    def captions(self) -> dict[str, tuple[str, str]]:
        """One line for each tab, with the token of its colour; "" where there is nothing to say."""
        return {
            "work": self._work(),
            "estimate": self._estimate(),
            "inspection": self._inspection(),
            "parts": self._parts(),
            "notes": self._notes(),
            "files": (_count(self.photos), PLAIN),
            "invoice": self._invoice(),
        }

    def _work(self) -> tuple[str, str]:
        actual, estimated = self.time.actual, self.time.estimated or 0
        hours = words.hours(actual)
        if estimated:
            hours = tr("{done} of {all}", done=hours, all=words.hours(estimated))
        if self.time.on:
            return hours, NEWS
        over = estimated and actual > estimated
        return (hours, WATCH if over else PLAIN) if self.time.actual or estimated else ("", PLAIN)

    def _estimate(self) -> tuple[str, str]:
        if not self.lines:
            return "", PLAIN
        undecided = self.lines - self.approved - self.declined
        if undecided:
            return trn("{count} open", "{count} open", undecided), WATCH
        return tr("{count} of {all} yes", count=self.approved, all=self.lines), GOOD

    def _inspection(self) -> tuple[str, str]:
        red, yellow = self.verdicts.get(RED, 0), self.verdicts.get(YELLOW, 0)
        if red:
            return trn("{count} red", "{count} red", red), BAD
        if yellow:
            return trn("{count} yellow", "{count} yellow", yellow), WATCH
        if self.verdicts.get("left"):
            return trn("{count} left", "{count} left", self.verdicts["left"]), PLAIN
        return (tr("all good"), GOOD) if self.verdicts.get("green") else ("", PLAIN)

    def _parts(self) -> tuple[str, str]:
        if self.parts is None or self.parts.state is None:
            return "", PLAIN
        return {
            PartState.NOT_ORDERED: (tr("not ordered"), BAD),
            PartState.ON_THE_WAY: (tr("on the way"), WATCH),
            PartState.HERE: (tr("here"), GOOD),
            PartState.FITTED: (tr("fitted"), PLAIN),
        }[self.parts.state]

    def _invoice(self) -> tuple[str, str]:
        token = {"overdue": BAD, "paid": GOOD, "open": WATCH, "part_paid": WATCH}.get(self.invoice, PLAIN)
        return (tr(STANDINGS[self.invoice]), token) if self.invoice in STANDINGS else (self.invoice, token)

    def _notes(self) -> tuple[str, str]:
        if self.unread:
            return trn("{count} unread", "{count} unread", self.unread), NEWS
        return _count(self.notes), PLAIN


def _count(number: int) -> str:
    return "" if not number else str(number) if number <= MANY else f"{MANY}+"


def read_summary(records: Records, row: str, staff_id: str | None) -> Summary:
    """How an order stands, for somebody of the staff or for the terminal itself. Raises ``NotFound``."""
    with records.read() as session:
        found = estimate(session, row)
        return Summary(
            lines=len(found.lines),
            gross=found.wanted.gross,
            approved=found.counts[APPROVED],
            declined=found.counts[DECLINED],
            currency=shop_details(session).currency,
            verdicts=_verdicts(session, row),
            parts=part_badges(session, [row]).get(row),
            notes=len(list_notes(session, row, limit=MANY + 1).items),
            unread=unread_counts(session, staff_id, [row]).get(row, 0) if staff_id else 0,
            invoice=_standing(session, row),
            photos=len(list_photos(session, row, limit=MANY + 1).items),
            time=order_times(session, [row], until=round(time.time() * 1000))[row],
        )


def _verdicts(session: Session, row: str) -> dict[str, int]:
    """What all inspections of an order found, by verdict."""
    found = [each.counts for each in list_inspections(session, order_id=row).items]
    return {name: sum(getattr(each, name) for each in found) for name in ("green", YELLOW, RED, "left")}


def _standing(session: Session, row: str) -> str:
    """How the last invoice of an order stands; "" while none was issued."""
    papers = list_invoices(session, order_id=row, kind="invoice", limit=1).items
    return papers[0].state if papers else ""
