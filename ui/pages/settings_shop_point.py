"""One point of an inspection template: where it stands, how it is judged, and what a finding becomes."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QWidget

from core.language import tr
from core.people.roles import Actor
from core.records.records import Records
from core.workshop.inspection_templates import CHECK, MEASURE, POINT_KINDS, PointView
from core.workshop.line_kinds import DISCOUNT, KINDS
from ui.pages.settings_form import FormSheet
from ui.shop_reading import drop_point, order_points, save_point
from ui.widgets.buttons import IconButton, Segmented

UNITS = ("mm", "V", "A", "°C", "%", "bar", "psi", "kPa", "l", "N·m")


class PointSheet(FormSheet):
    """``done(said, changed)`` when something was kept."""

    done = Signal(str, object)

    def __init__(
        self,
        anchor: QWidget,
        desk: tuple[Records, Actor],
        template: str,
        point: PointView | None,
        others: Sequence[PointView],
    ) -> None:
        super().__init__(anchor, tr("Point") if point else tr("New point"), width=860)
        self._desk, self._template, self._point, self._others = desk, template, point, others
        last = others[-1].section if others else None
        sections = list(dict.fromkeys(each.section for each in others if each.section))
        self.text("name", tr("What is looked at"), point.name if point else "", wide=True, longest=160)
        section = self.text("section", tr("Section"), point.section if point else last, longest=80)
        completer = QCompleter(sections, section)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        section.setCompleter(completer)
        kind = point.kind if point and point.kind in POINT_KINDS else CHECK
        self.kind = Segmented({key: tr(words) for key, words in POINT_KINDS.items()}, kind, tr("How"))
        self.kind.chosen.connect(lambda _: self._show_kind())
        self.add("kind", tr("How"), self.kind)
        self._limits(point)
        self._line(point)
        self.finish_form(tr("Keep"), remove=tr("Delete"), removing=self.drop if point is not None else None)
        if point is not None:
            self._movers(point)
        self._show_kind()

    def _limits(self, point: PointView | None) -> None:
        units = dict.fromkeys(filter(None, (*UNITS, point.unit if point else None)))
        options: list[tuple[object, str]] = [(None, tr("No unit")), *((unit, unit) for unit in units)]
        self.choice("unit", tr("Unit"), options, point.unit if point else "mm")
        ways: list[tuple[object, str]] = [
            (True, tr("Less is worse: tread, pads, voltage")),
            (False, tr("More is worse: play, emissions")),
        ]
        self.choice("worse_below", tr("What is worse"), ways, point.worse_below if point else True)
        self.number("yellow_at", tr("Yellow, soon, from"), point.yellow_at if point else None, decimals=3,
                    signed=True)  # fmt: skip
        self.number("red_at", tr("Red, now, from"), point.red_at if point else None, decimals=3,
                    signed=True)  # fmt: skip

    def _line(self, point: PointView | None) -> None:
        self.group(tr("What a finding becomes on the estimate"))
        self.text("line_description", tr("Words of the line; empty: the name above"),
                  point.line_description if point else None, wide=True)  # fmt: skip
        kinds: list[tuple[object, str]] = [(kind, tr(words)) for kind, words in KINDS.items() if kind != DISCOUNT]
        self.choice("line_kind", tr("Kind of line"), kinds, point.line_kind if point else "labour")
        self.number("line_quantity", tr("Hours or pieces"), point.line_quantity if point else None, decimals=3)

    def _movers(self, point: PointView) -> None:
        ids = [each.id for each in self._others]
        at = ids.index(point.id) if point.id in ids else 0
        for place, (icon, words, step) in enumerate(
            (("arrow-up", tr("Further up"), -1), ("arrow-down", tr("Further down"), 1)), 1
        ):
            button = IconButton(icon, words)
            button.setEnabled(0 <= at + step < len(ids))
            button.clicked.connect(lambda _=False, step=step: self.move_point(step))
            self.footer.insertWidget(place, button)

    def _show_kind(self) -> None:
        """Only what is measured has a unit and limits."""
        measured = self.kind.value() == MEASURE
        for name in ("unit", "worse_below", "yellow_at", "red_at"):
            self.cells[name].setVisible(measured)

    def fields(self) -> dict[str, object]:
        found = super().fields() | {"kind": self.kind.value(), "template_id": self._template}
        if found["kind"] != MEASURE:
            found |= {"unit": None, "yellow_at": None, "red_at": None, "worse_below": None}
        return found

    def submit(self) -> None:
        if not self.good():
            return
        (records, actor), fields = self._desk, self.fields()
        row = self._point.id if self._point else ""
        self.send(lambda: save_point(records, actor, row, fields),
                  lambda kept: self.done.emit(tr("“{name}” is kept.", name=kept.value.name or ""), kept))  # fmt: skip

    def move_point(self, step: int) -> None:
        """Let it stand before or after its neighbour."""
        if self._point is None:
            return
        ids = [each.id for each in self._others]
        at = ids.index(self._point.id)
        ids.insert(at + step, ids.pop(at))
        (records, actor), name = self._desk, self._point.name or ""
        self.send(lambda: order_points(records, actor, ids),
                  lambda kept: self.done.emit(tr("“{name}” was moved.", name=name), kept))  # fmt: skip

    def drop(self) -> None:
        """Take it off the template; inspections that were begun keep it."""
        if self._point is None:
            return
        (records, actor), point = self._desk, self._point
        self.send(lambda: drop_point(records, actor, point.id),
                  lambda kept: self.done.emit(tr("“{name}” was deleted.", name=point.name or ""), kept))  # fmt: skip
