"""A card of the board as it is painted: what one has to know of an order from two metres away, and nothing else.

Everything is drawn, no widget is made: a board of some hundred cards then scrolls and drags as fluidly as one of ten.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from core.language import tr, trn
from core.workshop.board import Board, Card, Person, is_late
from core.workshop.part_states import WORDS as PART_WORDS
from core.workshop.part_states import PartState
from ui import theme, words
from ui.pages.board_type import line_height, plain, plate_font, small, wrapped, write
from ui.widgets import icons

PAD = 12.0
SLIM_PAD = 9.0  # at the sides of a narrow card
NARROW = 165  # px of a card, under which it is condensed
FOOT_GAP = 3.0
BUTTON = 40.0  # of the clock, as drawn; it is hit in a corner of a target's size
PARTS: Mapping[PartState, tuple[str, str]] = {
    PartState.NOT_ORDERED: ("part-missing", "warning"),
    PartState.ON_THE_WAY: ("part-coming", "info"),
    PartState.HERE: ("part-here", "ok"),
    PartState.FITTED: ("part-here", "text_muted"),
}
AT_WORK = frozenset({"arrived", "diagnosing", "in_progress", "quality_check"})  # where one clocks on from the card
URGENT: Mapping[str, str] = {"urgent": "critical", "high": "warning"}
LABELS = {"signal": "warning", "ready": "ok", "fault": "critical"}  # names of labels' colours, by our tokens
HOUR_MS = 3_600_000
WEEK_MS = 6 * 24 * HOUR_MS
FRESH_S = 12.0  # how long a card says that it was moved elsewhere


@dataclass(frozen=True, slots=True)
class Look:
    """How cards are painted now. ``now``: UTC ms; ``read_at``: when hours were counted; ``dense``: little height.

    ``mine``: orders whoever is signed in is clocked on to; ``fresh``: what to say of cards moved elsewhere;
    ``by``: what lanes say already, "technician" or "bay"; ``names``: what people are called for short, by id.
    """

    now: int
    read_at: int
    dense: bool = False
    clock: bool = False
    mine: frozenset[str] = frozenset()
    fresh: Mapping[str, str] | None = None
    by: str = ""
    names: Mapping[str, str] | None = None

    def called(self, person: Person) -> str:
        """Somebody's name as it stands on a card."""
        return (self.names or {}).get(person.id, person.name)


def height(card: Card, width: float, look: Look) -> float:
    """How high a card is, px."""
    lines, inner = _lines(card), width - 2 * _pad(width)
    line = line_height(small())
    found = 2 * PAD - 2 + line_height(plate_font()) + line * (bool(lines.vehicle) + bool(lines.customer))
    rows = len(wrapped(card.asked, inner, _asked_rows(width, look))) if card.asked else 0
    found += rows * line_height(plain()) + (4 if rows else 0)
    above, beside = _feet(card, look, inner)
    foot = (len(above) + bool(beside)) * (line + FOOT_GAP) + 5
    if has_clock(card, look):
        foot = len(above) * (line + FOOT_GAP) + BUTTON + 6 if is_narrow(width) else max(foot, BUTTON + 2)
    return float(round(found + foot))


def is_narrow(width: float) -> bool:
    """Whether a card is so narrow that it says the same in smaller type, and its clock stands in a line of its own."""
    return width < theme.scaled(NARROW)


def _pad(width: float) -> float:
    return SLIM_PAD if is_narrow(width) else PAD


def _asked_rows(width: float, look: Look) -> int:
    """Lines for what is asked: of a narrow card one would say next to nothing."""
    return 1 if look.dense and not is_narrow(width) else 2


def has_clock(card: Card, look: Look) -> bool:
    """Whether one clocks on from this card: where work is done, and wherever somebody is on already."""
    return look.clock and (card.status in AT_WORK or bool(card.on))


def clock_box(box: QRectF) -> QRectF:
    """Where a finger hits the clock of a card."""
    side = float(theme.target)
    return QRectF(box.right() - side, box.bottom() - side, side, side)


def paint(
    painter: QPainter, card: Card, box: QRectF, look: Look, *, selected: bool = False, lifted: bool = False
) -> None:
    """Paint ``card`` into ``box``; ``selected``: by keys; ``lifted``: in the hand."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _plate_of(painter, card, box, look, selected=selected, lifted=lifted)
    pad = _pad(box.width())
    room = box.adjusted(pad, PAD - 1, -pad, -PAD + 1)
    y, end = _head(painter, card, room)
    lines = _lines(card)
    high = line_height(small())
    if lines.vehicle:
        write(painter, QRectF(room.left(), y, end - room.left(), high), small(), "text_muted", lines.vehicle)
        y += high
    if lines.customer:
        line = QRectF(room.left(), y, room.width(), high)
        write(painter, line.adjusted(0, 0, -_number(painter, card, line), 0), small(), "text", lines.customer)
        y += high
    if card.asked:
        y += 4
        for said in wrapped(card.asked, room.width(), _asked_rows(box.width(), look)):
            write(painter, QRectF(room.left(), y, room.width(), line_height(plain())), plain(), "text", said)
            y += line_height(plain())
    _foot(painter, card, box, room, look)
    painter.restore()


def spoken(card: Card, status: str, look: Look) -> str:
    """A card in words, for a screen reader and for tests."""
    moved = (look.fresh or {}).get(card.id, "")
    parts = (
        card.plate or tr("No vehicle"), status, card.vehicle, card.customer or "", card.asked,
        promise_words(card, look.now), hours_words(card, look), on_words(card, look),
        tr("Parts: {state}", state=tr(PART_WORDS[card.parts.state])) if card.parts and card.parts.state else "",
        trn("{count} unread note", "{count} unread notes", card.unread) if card.unread else "",
        card.label or "", tr("set differently on two terminals") if card.disputed else "",
        tr("moved at {place}", place=moved) if moved else "",
    )  # fmt: skip
    return ", ".join(part for part in parts if part)


# Words ---------------------------------------------------------------------------------------------------------------


def promise_words(card: Card, now: int) -> str:
    """ "Late: 14:00", "16:00", "Tue 16:00"; "" when nothing was promised."""
    if card.promised_at is None:
        return ""
    at = moment(card.promised_at, now)
    return tr("Late: {time}", time=at) if is_late(card.promised_at, card.status, now) else at


def moment(at: int, now: int) -> str:
    """A moment in as few letters as tell it: "16:00" today, "Tue 16:00" within a week, else the day."""
    time_ = words.time_of_day(at / 1000)
    if words.day(at / 1000) == words.day(now / 1000):
        return time_
    if abs(at - now) < WEEK_MS:
        weekday = datetime.fromtimestamp(at / 1000).isoweekday()
        return f"{words.locale().standaloneDayName(weekday, QLocale.FormatType.ShortFormat)} {time_}"
    return words.day(at / 1000)


def short_names(board: Board) -> dict[str, str]:
    """What people on the board are called for short: by their first name, where no other has the same."""
    people = {each.id: each.name for card in board.cards for each in (*card.on, card.technician, card.adviser) if each}
    first = {id_: name.split(" ")[0] for id_, name in people.items()}
    taken = Counter(first.values())
    return {id_: first[id_] if taken[first[id_]] == 1 else name for id_, name in people.items()}


def face(card: Card, look: Look, *, selected: bool) -> tuple[object, ...]:
    """All that a painted card depends on, its size apart: two that are equal here look the same."""
    return (
        card, selected, look.dense, look.clock, look.by, card.id in look.mine, (look.fresh or {}).get(card.id, ""),
        promise_words(card, look.now), hours_words(card, look), who_words(card, look), theme.current(), theme.base,
    )  # fmt: skip


def left_now(card: Card, look: Look) -> int | None:
    """Milliseconds left of the estimate, as the clocks of those who are on it go."""
    if card.estimated is None:
        return None
    return card.estimated - card.actual - len(card.on) * max(0, look.now - look.read_at)


def hours_words(card: Card, look: Look) -> str:
    """ "1.5 h left", "20 min over"; "" when nobody said how long it takes."""
    left = left_now(card, look)
    if left is None or card.status in ("ready", "delivered"):
        return ""
    hours = words.hours(abs(left))
    return tr("{hours} left", hours=hours) if left >= 0 else tr("{hours} over", hours=hours)


def on_words(card: Card, look: Look) -> str:
    """Who is clocked on: "Tom", "Tom, Ann"."""
    return ", ".join(look.called(each) for each in card.on)


def who_words(card: Card, look: Look) -> str:
    """Who moved it just now, who works on it, or whose work it is and where it stands."""
    who = _who(card, look)
    return who.text if who is not None else ""


# The parts of a card -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Lines:
    vehicle: str
    customer: str


def _lines(card: Card) -> _Lines:
    return _Lines(card.vehicle if card.plate or card.vehicle else "", card.customer or "")


def _number(painter: QPainter, card: Card, line: QRectF) -> float:
    """The order's number at the right of its customer where there is room for both; returns what it takes."""
    if not card.number or not card.plate:
        return 0.0
    metrics = QFontMetricsF(small())
    wide = metrics.horizontalAdvance(card.number)
    if metrics.horizontalAdvance(card.customer or "") + wide + 10 > line.width():
        return 0.0
    write(painter, QRectF(line.right() - wide, line.top(), wide + 1, line.height()), small(), "text_muted", card.number)
    return wide + 8


def _plate_of(painter: QPainter, card: Card, box: QRectF, look: Look, *, selected: bool, lifted: bool) -> None:
    """The ground a card is painted on: lit while somebody works on it, framed when it came from elsewhere."""
    lit, fresh = bool(card.on), card.id in (look.fresh or {})
    body = box.adjusted(0.5, 0.5, -0.5, -0.5)
    if lifted:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("scrim", 0.35))
        painter.drawRoundedRect(body.translated(0, 6), theme.radius, theme.radius)
    painter.setBrush(theme.color("accent_surface" if lit else "surface_raised"))
    edge, width = ("accent", 2) if lit or fresh or lifted else ("line", 1)
    painter.setPen(QPen(theme.color(edge), width))
    painter.drawRoundedRect(body, theme.radius, theme.radius)
    bar = URGENT.get(card.priority or "", "")
    if bar:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(bar))
        wide = 3 if is_narrow(box.width()) else 4
        painter.drawRoundedRect(QRectF(body.left() + 2, body.top() + 10, wide, body.height() - 20), 2, 2)
    if selected:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("focus"), 3))
        painter.drawRoundedRect(body.adjusted(1, 1, -1, -1), theme.radius, theme.radius)


def _head(painter: QPainter, card: Card, room: QRectF) -> tuple[float, float]:
    """Plate at the left, what wants attention at the right; returns where the next line begins, and where it ends.

    What does not stand beside a plate of a readable size stands in the next line, which is then shorter.
    """
    high = line_height(plate_font())
    line = QRectF(room.left(), room.top(), room.width(), high)
    plate = card.plate or card.number or tr("No vehicle")
    least = QFontMetricsF(plate_font(plate, 0.0)).horizontalAdvance(plate)
    if least + _spots_width(card) + 4 > room.width() and _lines(card).vehicle:
        write(painter, line, plate_font(plate, line.width()), "text", plate)
        below = QRectF(room.left(), line.bottom(), room.width(), line_height(small()))
        return line.bottom(), _spots(painter, card, below, 0.0) - 4
    free = room.width() - QFontMetricsF(plate_font()).horizontalAdvance(plate) - 10
    right = _spots(painter, card, line, free)
    left = QRectF(line.left(), line.top(), right - line.left() - (4 if right < line.right() else 0), high)
    write(painter, left, plate_font(plate, left.width()), "text", plate)
    return line.bottom(), room.right()


def _spots_of(card: Card) -> list[tuple[str, str, str]]:
    """What wants attention: icon, colour, number."""
    spots = [("note", "info", str(card.unread))] if card.unread else []
    return [*spots, ("conflict", "warning", "")] if card.disputed else spots


def _spots_width(card: Card) -> float:
    """What the signs of a card take, px."""
    size = float(theme.scaled(20)) + 6
    numbers = sum(QFontMetricsF(small("semibold")).horizontalAdvance(text) + 3 for *_, text in _spots_of(card) if text)
    return numbers + size * (len(_spots_of(card)) + (card.priority in URGENT))


def _spots(painter: QPainter, card: Card, line: QRectF, free: float) -> float:
    """The signs of a card at the right of a line; where they begin. ``free``: px there are for words."""
    right, size = line.right(), min(float(theme.scaled(20)), line.height())
    for icon, token, text in _spots_of(card):
        if text:
            font = small("semibold")
            wide = QFontMetricsF(font).horizontalAdvance(text)
            write(painter, QRectF(right - wide, line.top(), wide + 1, line.height()), font, token, text)
            right -= wide + 3
        icons.paint(painter, icon, QRectF(right - size, line.center().y() - size / 2, size, size), token)
        right -= size + 6
    frame = URGENT.get(card.priority or "")
    if frame:
        word = tr("Urgent") if card.priority == "urgent" else tr("High")
        room = QRectF(line.left(), line.top(), right - line.left(), line.height())
        right = _chip(painter, room, word, frame, free - (line.right() - right))
    return right


def _chip(painter: QPainter, line: QRectF, word: str, token: str, free: float) -> float:
    """A word in a frame at the right end of ``line``, its sign alone where ``free`` is too little; where it begins."""
    font = small("semibold")
    wide = QFontMetricsF(font).horizontalAdvance(word) + 14
    if wide > free:
        size = float(theme.scaled(20))
        sign = QRectF(line.right() - size, line.center().y() - size / 2, size, size)
        icons.paint(painter, "arrow-up", sign, token)
        return sign.left() - 4
    chip = QRectF(line.right() - wide, line.center().y() - 11, wide, 22)
    painter.setPen(QPen(theme.color(token), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(chip, 6, 6)
    write(painter, chip, font, "text", word, align=Qt.AlignmentFlag.AlignCenter)
    return chip.left() - 6


Foot = Callable[[QPainter, QRectF], object]


@dataclass(frozen=True, slots=True)
class Said:
    """Words with an icon before them: ``token`` is the icon's colour, ``ink`` that of the words."""

    text: str
    icon: str
    token: str
    ink: str = "text"
    weight: str = "regular"


def _feet(card: Card, look: Look, width: float) -> tuple[list[Foot], Foot | None]:
    """The lines at the foot of a card in ``width`` px, from above, and the last one, which may stand beside a clock."""
    found: list[Foot] = []
    if card.label:
        token = LABELS.get(card.label_color or "", card.label_color or "info")
        found.append(lambda painter, line: _label(painter, line, card.label or "", token))
    promise, hours = promise_words(card, look.now), hours_words(card, look)
    if promise:
        found.append(lambda painter, line: _promise(painter, line, card, look))
    if hours and (not promise or not _together(promise, card, look, width)):
        found.append(lambda painter, line: _hours(painter, line, hours, card, look))
    state = card.parts.state if card.parts is not None else None
    if state is not None and state is not PartState.FITTED:
        parts = Said(tr(PART_WORDS[state]), *PARTS[state])
        found.append(lambda painter, line: _icon_line(painter, line, parts))
    who = _who(card, look)
    if who is not None and card.id in (look.fresh or {}):
        found.append(lambda painter, line: _icon_line(painter, line, who))
        return found, None
    return found, None if who is None else lambda painter, line: _icon_line(painter, line, _brief(who, line.width()))


def _brief(who: Said, width: float) -> Said:
    """The person without the place where there is no room for both."""
    wide = QFontMetricsF(small(who.weight)).horizontalAdvance(who.text) + line_height(small()) + 6
    return replace(who, text=who.text.partition(" · ")[0]) if wide > width else who


def _who(card: Card, look: Look) -> Said | None:
    """Who moved it just now, else who works on it, else whose work it is and where it stands."""
    fresh = (look.fresh or {}).get(card.id, "")
    if fresh:
        return Said(fresh, "move", "accent", weight="semibold")
    if card.on:
        return Said(on_words(card, look), "play", "accent", weight="semibold")
    technician = look.called(card.technician) if card.technician and look.by != "technician" else ""
    who = " · ".join(part for part in (technician, (card.bay or "") if look.by != "bay" else "") if part)
    return Said(who, "people" if technician else "bays", "text_muted", "text_muted") if who else None


def _foot(painter: QPainter, card: Card, box: QRectF, room: QRectF, look: Look) -> None:
    above, beside = _feet(card, look, room.width())
    high, step = line_height(small()), line_height(small()) + FOOT_GAP
    clock, slim = has_clock(card, look), is_narrow(box.width())
    edge = box.right() - BUTTON - (6 if slim else 12) if clock else room.right()
    last = box.bottom() - 8 - (BUTTON + high) / 2 if clock and slim else room.bottom() - step + 2
    y = last - (step * len(above) if not (clock and slim) else step * len(above) + (BUTTON - high) / 2)
    y += step if beside is None and not (clock and slim) else 0
    for foot in above:
        right = edge if clock and y + high > box.bottom() - BUTTON - 8 else room.right()
        foot(painter, QRectF(room.left(), y, right - room.left(), high))
        y += step
    if beside is not None:
        beside(painter, QRectF(room.left(), last, edge - room.left(), high))
    if clock:
        _clock(painter, card, box, look)


def _clock(painter: QPainter, card: Card, box: QRectF, look: Look) -> None:
    """The button that clocks on or off: a filled square to stop, an open triangle to begin."""
    on = card.id in look.mine
    spot = QRectF(box.right() - BUTTON - 8, box.bottom() - BUTTON - 8, BUTTON, BUTTON)
    painter.setPen(QPen(theme.color("accent" if on else "outline"), 2))
    painter.setBrush(theme.color("accent" if on else "surface_raised"))
    painter.drawEllipse(spot.adjusted(3, 3, -3, -3))
    icon = spot.adjusted(11, 11, -11, -11)
    icons.paint(painter, "stop" if on else "play", icon, "on_accent" if on else "text")


def _promise(painter: QPainter, line: QRectF, card: Card, look: Look) -> None:
    """When it was promised at the left; the hours at the right where both have room."""
    promise = promise_words(card, look.now)
    if is_late(card.promised_at, card.status, look.now):
        _icon_line(painter, line, Said(promise, "warning", "critical", "critical", "semibold"))
    else:
        _icon_line(painter, line, Said(promise, "clock", "text_muted"))
    text = _together(promise, card, look, line.width())
    if text:
        wide = QFontMetricsF(_hours_font(card, look)).horizontalAdvance(text)
        _hours(painter, QRectF(line.right() - wide - 1, line.top(), wide + 2, line.height()), text, card, look)


def _together(promise: str, card: Card, look: Look, width: float) -> str:
    """What of the hours stands in one line with the promise: the word "left" gives way; "" when not even the number."""
    late = is_late(card.promised_at, card.status, look.now)
    taken = QFontMetricsF(small("semibold" if late else "regular")).horizontalAdvance(promise)
    room = width - taken - min(theme.scaled(18), line_height(small())) - 6 - 8
    metrics, left = QFontMetricsF(_hours_font(card, look)), left_now(card, look)
    whole = hours_words(card, look)
    texts = (whole, words.hours(left) if whole and left is not None and left >= 0 else "")
    return next((text for text in texts if text and metrics.horizontalAdvance(text) <= room), "")


def _hours(painter: QPainter, line: QRectF, text: str, card: Card, look: Look) -> None:
    over = (left_now(card, look) or 0) < 0
    write(painter, line, _hours_font(card, look), "warning" if over else "text_muted", text)


def _hours_font(card: Card, look: Look) -> QFont:
    return small("semibold" if (left_now(card, look) or 0) < 0 else "regular")


def _label(painter: QPainter, line: QRectF, text: str, token: str) -> None:
    font = small("medium")
    wide = min(QFontMetricsF(font).horizontalAdvance(text) + 24, line.width())
    chip = QRectF(line.left(), line.top(), wide, line.height())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("surface_pressed"))
    painter.drawRoundedRect(chip, 6, 6)
    painter.setBrush(theme.color(token if _known(token) else "info"))
    painter.drawEllipse(QPointF(chip.left() + 9, chip.center().y()), 4, 4)
    write(painter, chip.adjusted(18, 0, -4, 0), font, "text", text)


def _icon_line(painter: QPainter, line: QRectF, said: Said) -> None:
    """An icon and words, without the icon where the words would not stand beside it whole."""
    size = min(float(theme.scaled(18)), line.height())
    wide = QFontMetricsF(small(said.weight)).horizontalAdvance(said.text)
    if line.width() - size - 6 < wide <= line.width() + 1:
        write(painter, line, small(said.weight), said.ink, said.text)
        return
    icons.paint(painter, said.icon, QRectF(line.left(), line.center().y() - size / 2, size, size), said.token)
    font = small(said.weight)
    room = QRectF(line.left() + size + 6, line.top(), line.width() - size - 6, line.height())
    write(painter, room, font, said.ink, said.text)


def _known(token: str) -> bool:
    return token in theme.read(theme.current()).colors


def now_ms() -> int:
    """UTC milliseconds by this machine's clock."""
    return round(time.time() * 1000)
