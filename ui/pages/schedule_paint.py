"""How the schedule looks: hours across, rows of blocks, hatching where something does not fit, and the tray."""

import datetime as dt

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from core.language import tr, trn
from core.planning.intervals import both, length, without
from core.planning.local_days import HOUR_MS, day_of, day_span
from core.planning.schedule import BAY
from core.planning.schedule_views import ALLOCATION, Block
from ui import schedule_words as say
from ui import theme
from ui.pages.schedule_ink import FLAGS, hatch, largest, lines_of, thumb, write_line, write_wrapped
from ui.pages.schedule_layout import ARRIVALS, FOOT, Column, Layout, Line, Marks, Placed
from ui.pages.schedule_tray import paint_tray
from ui.widgets import icons

UPRIGHT = 56  # px: a plate does not stand across in what is narrower
NARROW = 104  # px: a line that holds two words at most


def paint(painter: QPainter, layout: Layout, marks: Marks) -> None:
    """The whole board."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.save()
    painter.setClipRect(QRectF(0, layout.chart.top(), layout.chart.right(), layout.chart.height()))
    for line in layout.lines:
        _band(painter, layout, line)
    _now(painter, layout, marks, 1.0)
    for placed in layout.blocks:
        if placed.block.id != marks.dragged and placed.rect.bottom() > layout.chart.top():
            _block(painter, layout, placed, marks)
    for line in layout.lines:
        _head(painter, layout, line)
    _now(painter, layout, marks, 0.4)
    if marks.ghost is not None:
        _ghost(painter, marks)
    chart = layout.chart
    if layout.rows_height > chart.height() + 1 and layout.lines:
        begin = (chart.top() - layout.lines[0].rect.top()) / layout.rows_height
        thumb(painter, chart.right(), chart.top(), chart.height(), (begin, begin + chart.height() / layout.rows_height))
    painter.restore()
    _axis(painter, layout, marks)
    paint_tray(painter, layout, marks)


# Rows ----------------------------------------------------------------------------------------------------------------


def _band(painter: QPainter, layout: Layout, line: Line) -> None:
    """The ground of a row: bright while somebody is there, hatched while they are away."""
    rect = line.rect
    arrivals = line.row.id == ARRIVALS
    painter.fillRect(rect, theme.color("surface" if arrivals else "surface_sunken"))
    for column in layout.columns:
        for start, end in line.row.present:
            lo, hi = max(start, column.span[0]), min(end, column.span[1])
            if lo < hi:
                left, right = _across(layout, column, lo, hi)
                painter.fillRect(QRectF(left, rect.top(), right - left, rect.height()), theme.color("surface_raised"))
    _grid(painter, layout, rect)
    for away in line.row.away:
        for column in layout.columns:
            lo, hi = max(away.start, column.span[0]), min(away.end or column.span[1], column.span[1])
            if lo >= hi:
                continue
            left, right = _across(layout, column, lo, hi)
            box = QRectF(left, rect.top() + 1, right - left, rect.height() - 2)
            words = " · ".join(part for part in (say.away(away.kind), away.remark) if part)
            if not layout.daily:
                box = QRectF(left + 3, rect.bottom() - theme.scaled(FOOT), right - left - 5, theme.scaled(FOOT - 4))
                words = _part_of_day(layout, words, (lo, hi), line)
            painter.fillRect(box, theme.color("surface_sunken"))
            hatch(painter, box, "stale", 0.32)
            word = QRectF(box.left() + 8, box.top(), box.width() - 12, theme.scaled(22))
            if layout.daily:
                word.setLeft(max(word.left(), _behind(layout, line, word)))
            write_line(painter, word, words, px=14, weight="medium", token="text_muted")
    painter.fillRect(QRectF(0, rect.bottom() - 1, layout.chart.right(), 1), theme.color("line"))


def _behind(layout: Layout, line: Line, word: QRectF) -> float:
    """Where words begin that no block of the row covers."""
    covering = (each.rect.right() for each in layout.blocks if each.row == line.row.id)
    return max((x + 8 for x in covering if word.left() - 8 < x < word.right() - 40), default=word.left())


def _part_of_day(layout: Layout, words: str, span: tuple[int, int], line: Line) -> str:
    """Since when and until when, unless it is all of the hours of that day."""
    here = layout.board.here
    if not without(both(line.row.present, [day_span(day_of(span[0], here), here)]), [span]):
        return words
    end = say.clock(span[1], here) if span[1] < day_span(day_of(span[0], here), here)[1] else ""
    return f"{say.clock(span[0], here)}–{end} {words}"


def _across(layout: Layout, column: Column, start: int, end: int) -> tuple[float, float]:
    if not layout.daily:
        return column.left, column.right  # a day of a week is a list: whether anybody is there, not when
    wide = (column.right - column.left) / (column.span[1] - column.span[0])
    return column.left + (start - column.span[0]) * wide, column.left + (end - column.span[0]) * wide


def _grid(painter: QPainter, layout: Layout, rect: QRectF) -> None:
    for column in layout.columns:
        if not layout.daily:
            painter.fillRect(QRectF(column.left, rect.top(), 1, rect.height()), theme.color("line"))
            continue
        instant = column.span[0]
        while instant < column.span[1]:
            x = layout.x_of(instant)
            whole = instant % HOUR_MS == 0
            painter.fillRect(QRectF(x, rect.top(), 1, rect.height()), theme.color("line" if whole else "grid"))
            instant += HOUR_MS // 2


def _head(painter: QPainter, layout: Layout, line: Line) -> None:
    rect = line.head
    painter.fillRect(rect, theme.color("surface"))
    painter.fillRect(QRectF(rect.right() - 1, rect.top(), 1, rect.height()), theme.color("line"))
    painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.color("line"))
    box = rect.adjusted(theme.space(1), theme.space(2), -theme.space(2), -theme.space(2))
    row, by_bay = line.row, layout.board.by == BAY
    name = row.name or (tr("A bay that is not known") if by_bay else tr("Somebody")) if row.id else ""
    if row.id == ARRIVALS:
        name, detail = tr("Coming in"), [tr("appointments")]
    elif not row.id:
        name, detail = (tr("No bay") if by_bay else tr("Nobody yet")), []
    else:
        # One word a line where all of them have room, else in a line.
        room = int((box.height() - theme.scaled(23)) / theme.scaled(20)) - 1
        detail = list(row.words) if len(row.words) <= room else [", ".join(row.words)]
    lines = [(name, 17.0, "semibold", "text"), (_load(layout, line), 14.0, "medium", "text_muted")]
    lines += [(each, 14.0, "regular", "text_muted") for each in detail]
    if not by_bay and row.id and row.id != ARRIVALS:
        box = box.adjusted(0, 0, -22, 0)  # a press opens their day
        icons.paint(painter, "chevron-right", QRectF(box.right() + 2, box.top() + 2, 20, 20), "text_muted")
    y = box.top()
    for text, px, weight, token in lines:
        tall = theme.scaled(px + 6)
        if text and y + tall <= box.bottom() + 2:
            write_line(painter, QRectF(box.left(), y, box.width(), tall), text, px=px, weight=weight, token=token)
            y += tall


def _load(layout: Layout, line: Line) -> str:
    """How many of its hours are left; of a day that is over, how many were set aside."""
    if not line.row.id or line.row.id == ARRIVALS:
        return trn("{count} vehicle", "{count} vehicles", len({b.job.order_id or b.id for b in line.row.blocks}))
    hours = layout.board.hours.get(line.row.id)
    if hours is not None and hours.ahead:
        return tr("{hours} left", hours=say.about(hours.left))
    busy = length((each.start, each.end) for each in line.row.blocks)
    return tr("{hours} set aside", hours=say.hours(busy)) if busy else ""


# Blocks --------------------------------------------------------------------------------------------------------------


def _block(painter: QPainter, layout: Layout, placed: Placed, marks: Marks) -> None:
    block, rect = placed.block, placed.rect
    token = say.shape(block)[1]
    wrong, over = bool(block.conflicts), say.done(block)
    chosen = block.id == marks.chosen
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.mix("surface_raised", token, 0.07 if over else 0.1 if token == "text_muted" else 0.2))
    painter.drawRoundedRect(rect, 8, 8)
    if wrong:
        hatch(painter, rect, "critical", 0.24, 8)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(token))
    bar = QPainterPath()
    bar.addRoundedRect(rect, 8, 8)
    painter.save()
    painter.setClipPath(bar, Qt.ClipOperation.IntersectClip)
    painter.drawRect(QRectF(rect.left(), rect.top(), 6, rect.height()))
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    edge = "focus" if chosen else "critical" if wrong else token
    pen = QPen(theme.color(edge, 1.0 if chosen or wrong else 0.75), 3 if chosen else 2 if wrong else 1)
    if block.kind != ALLOCATION and not chosen:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 7, 7)
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    _block_words(painter, layout, placed, marks)
    painter.restore()
    if chosen and layout.daily and block.kind == ALLOCATION and marks.may_change:
        _grips(painter, rect)


def _block_words(painter: QPainter, layout: Layout, placed: Placed, marks: Marks) -> None:
    """As many lines as there is room for, the most needed first."""
    block, job = placed.block, placed.block.job
    if placed.rect.width() < theme.scaled(UPRIGHT) and placed.rect.height() > placed.rect.width() * 1.5:
        _upright_words(painter, layout, placed, marks)
        return
    if placed.rect.width() < theme.scaled(NARROW):
        _narrow_words(painter, layout, placed, marks)
        return
    box = placed.rect.adjusted(11, 5, -8, -4)
    roomy = placed.rect.height() >= theme.scaled(120)
    head, tall, px = (theme.scaled(27), theme.scaled(24), 16.5) if roomy else (theme.scaled(23), theme.scaled(19), 14.0)
    title = QRectF(box.left(), box.top() - 1, box.width(), head)
    if block.waiting:
        icons.paint(painter, "people", QRectF(title.right() - 20, title.top() + 2, 19, 19), "warning")
        title = title.adjusted(0, 0, -26, 0)
    name = say.title(job.plate, job.number, job.title or tr("Appointment"))
    sizes = (20.0, 17.0, 14.5) if roomy else (17.0, 14.5)
    write_line(painter, title, name, px=largest(name, title.width(), sizes), weight="bold")
    y = box.top() - 1 + head
    for mark, tint, text, weight in _lines(layout, block, marks):
        if not text or y + tall > box.bottom() + 3:
            continue
        left = box.left()
        if mark:
            icons.paint(painter, mark, QRectF(left, y + (tall - 16) / 2, 16, 16), tint)
            left += 20
        token = "text_muted" if weight == "muted" else "critical" if mark == "clock" else "text"
        ink = "regular" if weight == "muted" else weight
        if mark == "conflict" and y + 2 * tall <= box.bottom() + 3:
            y += write_wrapped(painter, QRectF(left, y, box.right() - left, 2 * tall), text, px)
            continue
        write_line(painter, QRectF(left, y, box.right() - left, tall), text, px=px, weight=ink, token=token)
        y += tall


def _narrow_words(painter: QPainter, layout: Layout, placed: Placed, marks: Marks) -> None:
    """An hour's block: its plate, what is asked on as many lines as there is room for, and below its state and who."""
    block, job = placed.block, placed.block.job
    box, tall = placed.rect.adjusted(9, 4, -4, -4), theme.scaled(18)
    y = box.top()

    def write(text: str, px: float, weight: str, most: int) -> None:
        nonlocal y
        metrics = QFontMetricsF(theme.font(theme.scaled(px), weight, tabular=True))
        for line in lines_of(text, metrics, box.width(), most):
            write_line(painter, QRectF(box.left(), y, box.width(), tall), line, px=px, weight=weight)
            y += tall

    name = say.title(job.plate, job.number, job.title or tr("Appointment"))
    write(name, largest(name, box.width(), (15.5, 14.5)), "bold", 2)  # "HSG" above "4711", as on a motorcycle
    said = (text for _, _, text, weight in _lines(layout, block, marks) if text and weight in ("regular", "semibold"))
    write(". ".join(said), 13.0, "regular", max(0, int((box.bottom() + 3 - y) // tall) - 1))
    if y + tall > box.bottom() + 3:
        return
    icon, token = ("conflict", "critical") if block.conflicts else say.shape(block)
    icons.paint(painter, icon, QRectF(box.left(), y + (tall - 15) / 2, 15, 15), token)
    foot = QRectF(box.left() + 18, y, box.width() - 18, tall)
    other = say.who(block, layout.board.by == BAY) or say.state(block)
    fits = QFontMetricsF(theme.font(theme.scaled(12.5), tabular=True)).horizontalAdvance(other) <= foot.width()
    write_line(painter, foot, other if fits else other.split()[0], px=12.5, token="text_muted")


def _upright_words(painter: QPainter, layout: Layout, placed: Placed, marks: Marks) -> None:
    """A block narrower than its plate: its words from above downwards, its state as a sign at the top."""
    block, job, rect = placed.block, placed.block.job, placed.rect
    painter.save()
    sign = 18.0
    wrong = bool(block.conflicts)
    icon, token = ("conflict", "critical") if wrong else say.shape(block)
    if rect.width() >= sign + 10:
        left = rect.left() + 6 + (rect.width() - 6 - sign) / 2
        icons.paint(painter, icon, QRectF(left, rect.top() + 7, sign, sign), token)
    top = rect.top() + sign + 12
    painter.translate(rect.right() - 3, top)
    painter.rotate(90)
    long, tall = rect.bottom() - top - 6, theme.scaled(20)
    asked = block.conflicts[0].words if wrong else block.task or job.title or job.vehicle
    name = say.title(job.plate, job.number, asked or tr("Appointment"))
    lines = [(name, 16.0, "bold", "text"), (asked, 14.0, "regular", "text"),
             (say.who(block, layout.board.by == BAY), 14.0, "regular", "text_muted")]  # fmt: skip
    lines = lines[: max(1, int((rect.width() - 10) // tall))]
    y = (rect.width() - 9 - len(lines) * tall) / 2
    for text, px, weight, ink in lines:
        write_line(painter, QRectF(0, y, long, tall), text, px=px, weight=weight, token=ink)
        y += tall
    painter.restore()


def _lines(layout: Layout, block: Block, marks: Marks) -> list[tuple[str, str, str, str]]:
    """What a block says below its name: icon, its colour, words, weight."""
    job, here = block.job, layout.board.here
    icon, token = say.shape(block)
    asked, other = block.task or job.title or job.vehicle, say.who(block, layout.board.by == BAY)
    lines: list[tuple[str, str, str, str]] = []
    for conflict in block.conflicts[:1]:
        more = f" +{len(block.conflicts) - 1}" if len(block.conflicts) > 1 else ""
        lines.append(("conflict", "critical", conflict.words + more, "semibold"))
    if not layout.daily:
        lines.insert(0, ("", "", f"{say.clock(block.start, here)} {asked}", "regular"))
        return [*lines, (icon, token, other or say.state(block), "muted")]
    if say.late(job.promised_at, job.status, marks.now):
        lines.append(("clock", "critical", tr("Late"), "semibold"))
    coming = block.kind != ALLOCATION
    lines.append(("", "", f"{say.clock(block.start, here)} {asked}" if coming else asked, "regular"))
    unfinished = job.order_id in layout.unfinished and block.end <= marks.now
    state = tr("Not finished") if unfinished else say.state(block)
    lines.append(("history" if unfinished else icon, "warning" if unfinished else token,
                  " · ".join(part for part in (state, other) if part), "medium"))  # fmt: skip
    times = "" if coming else f"{say.clock(block.start, here)}–{say.clock(block.end, here)}"
    lines.append(("", "", " · ".join(part for part in (times, job.vehicle, job.customer or "") if part), "muted"))
    return lines


def _grips(painter: QPainter, rect: QRectF) -> None:
    """What to take hold of to make it longer or shorter."""
    painter.setPen(QPen(theme.color("surface"), 2))
    painter.setBrush(theme.color("focus"))
    for x in (rect.left(), rect.right()):
        painter.drawRoundedRect(QRectF(x - 6, rect.center().y() - 17, 12, 34), 6, 6)


def _ghost(painter: QPainter, marks: Marks) -> None:
    """Where a dragged block would go."""
    box = marks.ghost
    assert box is not None
    painter.setBrush(theme.color("accent", 0.28))
    painter.setPen(QPen(theme.color("accent"), 2))
    painter.drawRoundedRect(box, 8, 8)
    font = theme.font(theme.scaled(16), "bold", tabular=True)
    wide = QFontMetricsF(font).horizontalAdvance(marks.ghost_words) + 20
    tag = QRectF(box.left(), box.top() + 4, max(wide, 60.0), theme.scaled(28)).translated(6, 0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent"))
    painter.drawRoundedRect(tag, 6, 6)
    painter.setFont(font)
    painter.setPen(theme.color("on_accent"))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, marks.ghost_words)


# Time ----------------------------------------------------------------------------------------------------------------


def _axis(painter: QPainter, layout: Layout, marks: Marks) -> None:
    axis = layout.axis
    painter.fillRect(QRectF(0, 0, layout.chart.right(), axis.height()), theme.color("surface"))
    painter.fillRect(QRectF(0, axis.bottom() - 1, layout.chart.right(), 1), theme.color("outline"))
    if layout.daily:
        _hours(painter, layout)
        _now_tag(painter, layout, marks)
        return
    today = day_of(marks.now, layout.board.here)
    for column, hours in zip(layout.columns, _of_columns(layout, today), strict=True):
        box = QRectF(column.left, axis.top(), column.right - column.left, axis.height() - 1)
        if column.day == today:
            painter.fillRect(box, theme.color("accent_surface"))
            painter.fillRect(QRectF(box.left(), box.bottom() - 4, box.width(), 4), theme.color("accent"))
        name = box.adjusted(10, 0, -6, -axis.height() * 0.44)
        write_line(painter, name, say.day(column.day), px=16, weight="semibold")
        write_line(painter, box.adjusted(10, axis.height() * 0.48, -6, -4), hours, px=13.5, token="text_muted")


def _of_columns(layout: Layout, today: dt.date) -> list[str]:
    by_day = {each.day: each for each in layout.board.capacity}
    found = []
    for column in layout.columns:
        day = by_day.get(column.day.isoformat())
        some = day is not None and day.people.on_shift and column.day >= today
        found.append(tr("{hours} left", hours=say.about(day.people.left)) if day is not None and some else "")
    return found


def _hours(painter: QPainter, layout: Layout) -> None:
    column = layout.columns[0]
    instant = column.span[0]
    step = HOUR_MS if HOUR_MS / layout.ms_per_px() >= theme.scaled(54) else 2 * HOUR_MS
    font = theme.font(theme.scaled(15), "medium", tabular=True)
    painter.setFont(font)
    while instant < column.span[1]:
        x = layout.x_of(instant)
        painter.fillRect(QRectF(x, layout.axis.bottom() - 9, 1, 8), theme.color("outline"))
        painter.setPen(theme.color("text_muted"))
        words = say.clock(instant, layout.board.here)
        painter.drawText(QRectF(x + 5, 0, 90, layout.axis.height() - 6), FLAGS | Qt.AlignmentFlag.AlignBottom, words)
        instant += step


def _now(painter: QPainter, layout: Layout, marks: Marks, strength: float) -> None:
    """The line of this moment."""
    if not layout.daily or not layout.columns[0].span[0] <= marks.now < layout.columns[0].span[1]:
        return
    x = layout.x_of(marks.now)
    tall = min(layout.chart.height(), layout.lines[-1].rect.bottom() - layout.chart.top()) if layout.lines else 0.0
    painter.fillRect(QRectF(x - 1.5, layout.chart.top(), 3, tall), theme.color("accent", strength))


def _tag(layout: Layout, marks: Marks) -> QRectF | None:
    """Where the word for this moment stands, above the hours; None when it is not in sight."""
    if not layout.columns[0].span[0] <= marks.now < layout.columns[0].span[1]:
        return None
    font = theme.font(theme.scaled(14), "bold", tabular=True)
    wide = QFontMetricsF(font).horizontalAdvance(_now_words(layout, marks)) + 16
    left = min(max(layout.x_of(marks.now) - wide / 2, layout.axis.left()), layout.axis.right() - wide)
    return QRectF(left, layout.axis.top(), wide, theme.scaled(23))


def _now_words(layout: Layout, marks: Marks) -> str:
    return tr("Now {time}", time=say.clock(marks.now, layout.board.here))


def _now_tag(painter: QPainter, layout: Layout, marks: Marks) -> None:
    tag = _tag(layout, marks)
    if tag is None:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent"))
    painter.drawRoundedRect(tag, 6, 6)
    x, y = layout.x_of(marks.now), tag.bottom()
    painter.drawPolygon([QPointF(x - 6, y - 1), QPointF(x + 6, y - 1), QPointF(x, y + 5)])
    painter.fillRect(QRectF(x - 1.5, layout.axis.bottom() - 6, 3, 6), theme.color("accent"))
    painter.setFont(theme.font(theme.scaled(14), "bold", tabular=True))
    painter.setPen(theme.color("on_accent"))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, _now_words(layout, marks))


def block_sentence(block: Block, layout: Layout) -> str:
    """A block in one sentence, for a screen reader."""
    here = layout.board.here
    parts = (
        say.title(block.job.plate, block.job.number, block.job.title), block.job.title, block.bay, block.staff,
        f"{say.day(day_of(block.start, here))} {say.clock(block.start, here)}–{say.clock(block.end, here)}",
        say.state(block), *(each.words for each in block.conflicts),
    )  # fmt: skip
    return ", ".join(part for part in parts if part)
