"""The tray at the side of the schedule: what was carried over, and what no time is set aside for."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from core.language import tr
from core.planning.local_days import day_of
from core.planning.schedule_views import Unplanned
from core.planning.unplanned import MOST
from ui import schedule_words as say
from ui import theme
from ui.pages.schedule_ink import thumb, write_line
from ui.pages.schedule_layout import CUT, CardPlace, Layout, Marks
from ui.widgets import icons


def paint_tray(painter: QPainter, layout: Layout, marks: Marks) -> None:
    tray = layout.tray
    painter.setPen(QPen(theme.color("line"), 1))
    painter.setBrush(theme.color("surface_raised"))
    painter.drawRoundedRect(tray.adjusted(0.5, 0.5, -0.5, -0.5), theme.radius, theme.radius)
    painter.save()
    painter.setClipRect(tray.adjusted(1, 1, -1, -1))
    seen = layout.board.schedule
    if layout.carried:
        _section(painter, layout, layout.carried_top, "history", "warning", tr("Carried over"), len(layout.carried))
    _section(painter, layout, layout.planned_top, "wait", "info", tr("To plan"), len(layout.waiting))
    if seen.cut:
        box = QRectF(tray.left() + 16, layout.tray_end, tray.width() - 32, theme.scaled(CUT))
        words = tr("These are the {count} orders promised first; there are more.", count=MOST)
        _muted(painter, box, words)
    if not layout.waiting:
        box = QRectF(tray.left() + 16, layout.planned_top + theme.scaled(42), tray.width() - 32, theme.scaled(80))
        narrowed = bool(seen.unplanned)
        words = tr("Every open order has its time. New ones wait here.")
        _muted(painter, box, tr("No waiting order like that.") if narrowed else words)
    for place in layout.cards:
        if place.rect.bottom() > tray.top() and place.rect.top() < tray.bottom():
            _card(painter, layout, place, marks)
    if layout.tray_height > tray.height() + 1:
        begin = (tray.top() - layout.carried_top) / layout.tray_height
        thumb(painter, tray.right(), tray.top(), tray.height(), (begin, begin + tray.height() / layout.tray_height))
    painter.restore()


def _muted(painter: QPainter, box: QRectF, words: str) -> None:
    painter.setFont(theme.font(theme.scaled(15)))
    painter.setPen(theme.color("text_muted"))
    painter.drawText(box, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, words)


def _section(painter: QPainter, layout: Layout, top: float, icon: str, token: str, name: str, count: int) -> None:  # noqa: PLR0917
    left = layout.tray.left() + theme.space(3)
    tall = theme.scaled(40)
    icons.paint(painter, icon, QRectF(left, top + (tall - 20) / 2, 20, 20), token)
    box = QRectF(left + 28, top, layout.tray.width() - 50, tall)
    write_line(painter, box, f"{name} · {count}" if count else name, px=16, weight="semibold")


def _card(painter: QPainter, layout: Layout, place: CardPlace, marks: Marks) -> None:
    card, rect = place.card, place.rect
    armed = card.job.order_id == marks.armed
    painter.setPen(QPen(theme.color("focus" if armed else "outline"), 3 if armed else 1))
    painter.setBrush(theme.color("accent_surface" if armed else "surface"))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 8, 8)
    icons.paint(painter, "grip", QRectF(rect.right() - 26, rect.top() + 8, 18, 18), "text_muted")
    box = rect.adjusted(12, 8, -10, -6)
    tall = theme.scaled(21)
    job = card.job
    write_line(painter, QRectF(box.left(), box.top(), box.width() - 22, tall + 2), _name(card), px=17, weight="bold")
    asked = job.title or job.vehicle
    write_line(painter, QRectF(box.left(), box.top() + tall + 2, box.width(), tall), asked, px=15)
    write_line(
        painter, QRectF(box.left(), box.top() + 2 * tall + 1, box.width(), tall), _wanted(layout, card, marks), px=14,
        weight="medium", token="text_muted",
    )  # fmt: skip
    late = say.late(job.promised_at, job.status, marks.now)
    foot = QRectF(box.left(), box.top() + 3 * tall - 1, box.width(), tall)
    if late:
        icons.paint(painter, "clock", QRectF(foot.left(), foot.top() + 3, 15, 15), "critical")
        write_line(painter, foot.adjusted(20, 0, 0, 0), tr("Late"), px=14, weight="semibold", token="critical")
        foot = foot.adjusted(theme.scaled(68), 0, 0, 0)
    write_line(painter, foot, _when(layout, card), px=14, token="text_muted")


def _name(card: Unplanned) -> str:
    return say.title(card.job.plate, card.job.number, card.job.customer or "")


def _wanted(layout: Layout, card: Unplanned, marks: Marks) -> str:
    needs = ", ".join(part for part in (card.job.skills, card.job.equipment) if part)
    return " · ".join(part for part in (say.left(card), needs) if part)


def _when(layout: Layout, card: Unplanned) -> str:
    """When it comes, or when it was promised."""
    here = layout.board.here
    if card.carried and card.since is not None:
        return tr("since {day} {time}", day=say.day(day_of(card.since, here)), time=say.clock(card.since, here))
    if card.appointment_at is not None:
        at = card.appointment_at
        return tr("comes {day} {time}", day=say.day(day_of(at, here)), time=say.clock(at, here))
    if card.job.promised_at is not None:
        at = card.job.promised_at
        return tr("for {day} {time}", day=say.day(day_of(at, here)), time=say.clock(at, here))
    return tr("nothing promised")
