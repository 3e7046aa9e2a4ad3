"""One point of an inspection: three large targets, a value from the number pad, a remark, a picture, a line."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from core.language import tr
from core.workshop.inspection_results import ResultView, Seen, verdict_of
from core.workshop.inspections import GREEN, NONE, RED, VERDICTS, YELLOW
from ui import theme, words
from ui.money_words import pieces
from ui.widgets.buttons import Button, IconButton
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel
from ui.widgets.verdict_button import VerdictButton

SHAPES: Mapping[str, tuple[str, str]] = {
    GREEN: ("ok", "ok"),
    YELLOW: ("warning", "warning"),
    RED: ("critical", "critical"),
    NONE: ("minus", "info"),
}
MEASURE = "measure"


def verdict_words(verdict: str | None) -> str:
    return tr(VERDICTS[verdict]) if verdict is not None and verdict in VERDICTS else verdict or ""


def value_words(value: int | None, unit: str | None) -> str:
    """ "3.2 mm"; "" when nothing was measured."""
    return " ".join(part for part in (pieces(value), unit or "") if part) if value is not None else ""


def last_time(seen: Seen | None, unit: str | None) -> str:
    """ "Last time: soon, 4.2 mm, 12 Mar, 79,000 km"."""
    if seen is None:
        return ""
    at = words.day(seen.seen_at / 1000) if seen.seen_at is not None else ""
    far = tr("{distance} km", distance=words.count(seen.odometer)) if seen.odometer is not None else ""
    parts = (verdict_words(seen.verdict), value_words(seen.value, unit), seen.remark or "", at, far)
    return tr("Last time: {seen}", seen=", ".join(part for part in parts if part))


def limit_words(result: ResultView) -> str:
    """ "Soon below 4 mm, now below 2 mm"."""
    parts = []
    for verdict, limit in ((YELLOW, result.yellow_at), (RED, result.red_at)):
        if limit is not None:
            amount = value_words(limit, result.unit)
            word = verdict_words(verdict)
            parts.append(
                tr("{verdict} below {limit}", verdict=word, limit=amount)
                if result.worse_below
                else tr("{verdict} above {limit}", verdict=word, limit=amount)
            )
    return ", ".join(parts)


def judged(result: ResultView, value: int) -> tuple[str, str, str]:
    """What a value would mean, for the number pad: shape, colour, word."""
    verdict = verdict_of(value, worse_below=result.worse_below, yellow_at=result.yellow_at, red_at=result.red_at)
    if verdict is None:
        return "unknown", "text_muted", tr("No limits are known: say yourself.")
    return (*SHAPES[verdict], verdict_words(verdict))


class PointRow(QFrame):
    """What a person does at one point; the row shows what the records say."""

    said = Signal(str, object)  # result, verdict or None
    measure = Signal(str)
    remark = Signal(str)
    picture = Signal(str)
    line = Signal(str)

    def __init__(self, result: ResultView) -> None:
        super().__init__()
        self.result = result
        self.setProperty("surface", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.space(4), theme.space(2), theme.space(2), theme.space(2))
        row.setSpacing(theme.space(2))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        self.name = ElidedLabel("", "text", 18, "medium")
        texts.addStretch(1)
        texts.addWidget(self.name)
        below = QHBoxLayout()
        below.setSpacing(theme.space(1))
        self.before_icon = IconLabel("history", 18, "text_muted")
        below.addWidget(self.before_icon)
        self.before = ElidedLabel("", "text_muted", 15).set_tabular()
        below.addWidget(self.before, 1)
        texts.addLayout(below)
        texts.addStretch(1)
        row.addLayout(texts, 1)
        self.value = Button("")
        self.value.setFixedWidth(theme.scaled(128))
        self.value.clicked.connect(lambda _=False: self.measure.emit(self.result.id))
        self.value.setVisible(result.kind == MEASURE)
        row.addWidget(self.value)
        self.verdicts: dict[str, VerdictButton] = {}
        for verdict, width in ((GREEN, 104), (YELLOW, 104), (RED, 104)):
            button = VerdictButton(verdict_words(verdict), *SHAPES[verdict], width, result.name or "")
            button.clicked.connect(lambda _=False, verdict=verdict: self._pressed(verdict))
            self.verdicts[verdict] = button
            row.addWidget(button)
        self.write = IconButton("note", tr("Remark"))
        self.write.clicked.connect(lambda _=False: self.remark.emit(self.result.id))
        self.photo = IconButton("camera", tr("Add a picture"))
        self.photo.clicked.connect(lambda _=False: self.picture.emit(self.result.id))
        self.to_line = IconButton("receipt", tr("Put it on the estimate"))
        self.to_line.clicked.connect(lambda _=False: self.line.emit(self.result.id))
        for each in (self.write, self.photo, self.to_line):
            row.addWidget(each)
        self.show_result(result, open_=True)

    def _pressed(self, verdict: str) -> None:
        """The one that is chosen already empties it: a wrong tap is taken back by the same finger."""
        self.said.emit(self.result.id, None if self.result.verdict == verdict else verdict)

    def show_result(self, result: ResultView, *, open_: bool) -> None:
        """Show what the records say; ``open_``: the inspection is not completed."""
        self.result = result
        self.name.set_text(result.name or "")
        seen = last_time(result.previous, result.unit)
        own = " · ".join(part for part in (result.remark or "", _pictures(result.photos)) if part)
        not_there = verdict_words(NONE) if result.verdict == NONE else ""
        self.before.set_text(" · ".join(part for part in (not_there, own, seen) if part) or limit_words(result))
        self.before.setVisible(bool(self.before.text()))  # a name alone stands in the middle
        self.before_icon.show_icon(*(("note", "text") if own or not_there else ("history", "text_muted")))
        self.before_icon.setVisible(bool(own or seen or not_there))
        self.value.show_words(value_words(result.value, result.unit) or tr("Measure"))
        for verdict, button in self.verdicts.items():
            button.show_chosen(result.verdict == verdict)
            button.setEnabled(open_)
        self.value.setEnabled(open_)
        self.write.setEnabled(open_)
        on_it = result.line_id is not None
        self.to_line.setEnabled(result.verdict in (RED, YELLOW) and not on_it)
        self.to_line.show_icon("ok" if on_it else "receipt",
                               tr("It is on the estimate") if on_it else tr("Put it on the estimate"))  # fmt: skip


def _pictures(count: int) -> str:
    return tr("{count} pictures", count=count) if count > 1 else tr("1 picture") if count else ""
