"""Inspection of an order by touch: begun from a template, point by point, and what is found goes onto the estimate."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.language import tr, trn
from core.workshop.inspection_results import ResultView
from core.workshop.inspections import NONE, RED, VERDICTS, YELLOW, InspectionView, unseen_words
from core.workshop.lines import LineView
from ui import estimate_reading, inspection_reading, sync_words, theme
from ui.files_taken import PICTURES
from ui.inspection_reading import InspectionRead
from ui.pages.order_files import add_file
from ui.pages.order_inspection_row import PointRow, judged, last_time, limit_words, verdict_words
from ui.pages.order_section import Section
from ui.widgets.amount_sheet import AmountSheet
from ui.widgets.buttons import Button, IconButton
from ui.widgets.choice_sheet import Answer, ChoiceSheet
from ui.widgets.file_sheet import FileSheet, allowed
from ui.widgets.flow import Flow
from ui.widgets.icons import IconLabel
from ui.widgets.panels import ElidedLabel, label
from ui.widgets.words_sheet import WordsSheet

OTHER = ""  # the section of points that have none


class InspectionSection(Section):
    """One inspection in front; several of an order are one press apart."""

    TABLES = frozenset(
        {
            "inspections",
            "inspection_results",
            "inspection_templates",
            "inspection_points",
            "repair_order_lines",
            "photos",
        }
    )

    def build(self) -> None:
        self.found: InspectionRead | None = None
        self.rows: dict[str, PointRow] = {}
        self._heads: dict[str, QLabel] = {}
        self._chosen: dict[str, str] = {}  # the inspection in front, by order
        self.column.setSpacing(theme.space(3))
        self.begun = self._begun()
        self.column.addWidget(self.begun)
        self.none = label("", "muted", wrap=True)
        self.column.addWidget(self.none)
        self.install = Button(tr("Take over the inspections that come with Bayline"), "checklist", role="primary")
        self.install.clicked.connect(lambda _=False: self._install())
        self.install.hide()
        self.column.addWidget(self.install, 0, Qt.AlignmentFlag.AlignLeft)
        templates = QWidget()
        self._templates = Flow(templates, theme.space(3))
        self.column.addWidget(templates)
        self.template_buttons: dict[str, Button] = {}
        self._points = QVBoxLayout()
        self._points.setSpacing(theme.space(2))
        self.column.addLayout(self._points)
        self.more = Button(tr("Something else was seen"), "plus")
        self.more.clicked.connect(lambda _=False: self.open_more())
        after = QHBoxLayout()
        after.addWidget(self.more)
        after.addStretch(1)
        self.column.addLayout(after)
        self.column.addStretch(1)

    def _begun(self) -> QWidget:
        """The head of an inspection: what, by whom, how far, and what is done with all of it."""
        host = QWidget()
        column = QVBoxLayout(host)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        head = QHBoxLayout()
        head.setSpacing(theme.space(3))
        self.title = ElidedLabel("", "text", 20, "semibold")
        head.addWidget(self.title, 1)
        self.counts: dict[str, QLabel] = {}
        for verdict, icon, token in (
            ("green", "ok", "ok"),
            (YELLOW, "warning", "warning"),
            (RED, "critical", "critical"),
        ):
            head.addWidget(IconLabel(icon, 22, token))
            count = self.counts[verdict] = label("")
            count.setFont(theme.font(theme.scaled(18), "semibold", tabular=True))
            head.addWidget(count)
        self.left = label("", "caption")
        head.addWidget(self.left)
        column.addLayout(head)
        deeds = QWidget()
        flow = Flow(deeds)
        self.to_estimate = Button("", "receipt", role="primary")
        self.to_estimate.clicked.connect(lambda _=False: self._all_to_estimate())
        self.rest = Button(tr("All others are good"), "ok")
        self.rest.clicked.connect(lambda _=False: self._good_rest())
        self.complete = Button("", "ok")
        self.complete.clicked.connect(lambda _=False: self._complete())
        self.other = Button(tr("Another inspection"), "checklist")
        self.other.clicked.connect(lambda _=False: self.open_other())
        self.print = IconButton("print", tr("Print"), role="")  # with its word German goes on in a second line
        self.print.clicked.connect(lambda _=False: self.open_paper())
        for each in (self.to_estimate, self.rest, self.complete, self.other, self.print):
            flow.addWidget(each)
        column.addWidget(deeds)
        return host

    # --- what is shown

    def begin(self) -> None:
        self.found = None
        self._show(InspectionRead())
        self.none.setText("")
        self.install.hide()

    def reading(self) -> Callable[[], InspectionRead]:
        records, row, chosen = self.desk.records, self.desk.row, self._chosen.get(self.desk.row)
        return lambda: inspection_reading.read_inspections(records, row, chosen)

    def show_read(self, found: Any) -> None:
        self.found = found
        self._show(found)
        self.none.setText(
            tr("Look the vehicle over: choose what to go by.")
            if found.templates
            else tr("This workshop has no inspections yet. Four come with Bayline; they can be changed afterwards.")
        )
        self.install.setVisible(found.front is None and not found.templates)
        self.install.setEnabled(self.desk.may("workshop.change"))

    def _show(self, found: InspectionRead) -> None:
        front = found.front
        self.begun.setVisible(front is not None)
        self.more.setVisible(front is not None)
        self.none.setVisible(front is None)
        self._show_templates(found if front is None else InspectionRead())
        if front is not None:
            self._show_head(front, found)
        self._show_points(found)

    def _show_templates(self, found: InspectionRead) -> None:
        wanted = {each.id: each for each in found.templates}
        if list(wanted) == list(self.template_buttons):
            return
        for old in self.template_buttons.values():
            self._templates.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.template_buttons = {}
        for id_, each in wanted.items():
            points = trn("{count} point", "{count} points", each.points)
            button = self.template_buttons[id_] = Button(f"{each.name or ''} · {points}", "checklist")
            button.setMinimumHeight(theme.scaled(72))
            button.setMinimumWidth(theme.scaled(340))
            button.setProperty("align", "left")
            button.clicked.connect(lambda _=False, id_=id_: self._start(id_))
            button.setEnabled(self.desk.may("inspections.change") and bool(each.points))
            self._templates.addWidget(button)

    def _show_head(self, front: InspectionView, found: InspectionRead) -> None:
        at = sync_words.moment(front.started_at) if front.started_at is not None else ""
        done = tr("completed") if front.completed_at is not None else ""
        self.title.set_text(" · ".join(part for part in (front.name, front.inspector_name, at, done) if part))
        for verdict, count in self.counts.items():
            count.setText(str(getattr(front.counts, verdict)))
        left = front.counts.left
        self.left.setText(trn("{count} to look at", "{count} to look at", left) if left else tr("all looked at"))
        open_, may = front.completed_at is None, self.desk.may("inspections.change")
        waiting = sum(each.verdict in (RED, YELLOW) and each.line_id is None for each in found.results)
        said = trn("{count} finding to the estimate", "{count} findings to the estimate", waiting)
        self.to_estimate.show_words(said if waiting else tr("No finding is left over"), "receipt")
        self.to_estimate.setEnabled(bool(waiting) and self.desk.may("repair_orders.change"))
        unseen = any(each.verdict is None and each.kind == "check" for each in found.results)
        self.rest.setEnabled(open_ and may and unseen)
        self.complete.show_words(tr("Complete") if open_ else tr("Open it again"), "ok" if open_ else "undo")
        self.complete.setEnabled(may and (not open_ or left < front.counts.points))
        self.more.setEnabled(open_ and may)

    def _show_points(self, found: InspectionRead) -> None:
        wanted = {each.id: each for each in found.results}
        for id_ in [each for each in self.rows if each not in wanted]:
            old = self.rows.pop(id_)
            old.hide()
            old.deleteLater()
        sections = list(dict.fromkeys(each.section or OTHER for each in found.results))
        for name in [each for each in self._heads if each not in sections]:
            head = self._heads.pop(name)
            head.hide()
            head.deleteLater()
        open_ = found.front is not None and found.front.completed_at is None and self.desk.may("inspections.change")
        at = 0
        for section in sections:
            if section and section not in self._heads:
                self._heads[section] = label(section, "heading")
            if section:
                self._put(at, self._heads[section])
                at += 1
            for each in found.results:
                if (each.section or OTHER) == section:
                    self._put(at, self._row(each, open_))
                    at += 1

    def _put(self, at: int, widget: QWidget) -> None:
        if self._points.indexOf(widget) != at:
            self._points.insertWidget(at, widget)

    def _row(self, result: ResultView, open_: bool) -> PointRow:
        row = self.rows.get(result.id)
        if row is None:
            row = self.rows[result.id] = PointRow(result)
            row.said.connect(self._said)
            row.measure.connect(self.open_value)
            row.remark.connect(self.open_remark)
            row.picture.connect(self.open_picture)
            row.line.connect(self._to_estimate)
        row.show_result(result, open_=open_)
        row.photo.setEnabled(self.desk.may("repair_orders.change"))
        return row

    # --- one inspection

    def _install(self) -> None:
        records, actor = self.desk.records, self.desk.actor
        self.desk.run(
            lambda: inspection_reading.install(records, actor),
            lambda count: trn("{count} inspection is there.", "{count} inspections are there.", count),
        )

    def _start(self, template: str) -> None:
        desk = self.desk
        records, actor, order = desk.records, desk.actor, desk.row

        def then(made: InspectionView) -> None:
            self._chosen[order] = made.id
            desk.run(lambda: None, tr("Begun: {name}", name=made.name or ""),
                     lambda: inspection_reading.remove(records, actor, made.id))  # fmt: skip

        desk.run(lambda: inspection_reading.start(records, actor, order, template), then=then)

    def open_other(self) -> None:
        """Another inspection of this order, or a new one."""
        found = self.found
        if found is None or found.front is None:
            return
        answers = [
            Answer(each.id, " · ".join(part for part in (each.name, _day(each)) if part), "checklist", "text_muted")
            for each in found.inspections
        ]
        answers += [Answer(f"+{each.id}", tr("New: {name}", name=each.name or ""), "plus") for each in found.templates]
        ChoiceSheet(self, tr("Inspections"), answers, found.front.id, self._other).open()

    def _other(self, value: str | None) -> None:
        if value is None:
            return
        if value.startswith("+"):
            self._start(value[1:])
        else:
            self._chosen[self.desk.row] = value
            self.read()

    def _complete(self) -> None:
        front = self.found.front if self.found is not None else None
        if front is None:
            return
        records, actor, left = self.desk.records, self.desk.actor, front.counts.left
        done = partial(inspection_reading.complete, records, actor, front.id, leave=True)
        again = partial(inspection_reading.reopen, records, actor, front.id)
        if front.completed_at is not None:
            self.desk.run(again, tr("The inspection is open again."), done)
        elif not left:
            self.desk.run(done, tr("The inspection is completed."), again)
        else:
            answers = (
                Answer("look", tr("Look at them"), "search"),
                Answer("leave", tr("Complete it without them"), "ok"),
            )
            said = trn("The inspection is completed, {count} point not looked at.",
                       "The inspection is completed, {count} points not looked at.", left)  # fmt: skip

            def chosen(value: str | None) -> None:
                if value == "leave":
                    self.desk.run(done, said, again)
                elif value == "look":
                    self._show_first_unseen()

            hint = tr("Completed without them, the paper says of each that it was not looked at.")
            ChoiceSheet(self, unseen_words(left), answers, None, chosen, hint=hint).open()

    def _show_first_unseen(self) -> None:
        results = self.found.results if self.found is not None else ()
        row = next((self.rows.get(each.id) for each in results if each.verdict not in VERDICTS), None)
        if row is None:
            return
        area = row.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(row)
        row.setFocus(Qt.FocusReason.OtherFocusReason)

    def _good_rest(self) -> None:
        found = self.found
        if found is None or found.front is None:
            return
        front, records, actor = found.front, self.desk.records, self.desk.actor
        unseen = [each.id for each in found.results if each.verdict is None and each.kind == "check"]

        def back() -> None:
            for each in unseen:
                inspection_reading.see(records, actor, each, {"verdict": None})

        self.desk.run(
            lambda: inspection_reading.good_rest(records, actor, front.id),
            trn("{count} point is good.", "{count} points are good.", len(unseen)),
            back,
        )

    # --- one point

    def _said(self, result: str, verdict: object) -> None:
        self._see(result, {"verdict": verdict})

    def _see(self, result: str, fields: dict[str, object]) -> None:
        records, actor = self.desk.records, self.desk.actor
        self.desk.run(lambda: inspection_reading.see(records, actor, result, fields))

    def open_value(self, id_: str) -> None:
        """Type what was measured; its meaning is said at every key."""
        row = self.rows.get(id_)
        if row is None:
            return
        result = row.result
        hint = ". ".join(part for part in (last_time(result.previous, result.unit), limit_words(result)) if part)
        value = None if result.value is None else result.value // 10
        AmountSheet(
            self, result.name or "", value, partial(self._measured, id_), unit=result.unit or "", decimals=2,
            signed=True, none=tr("Not measured"), hint=hint, judge=lambda each: judged(result, each * 10),
        ).open()  # fmt: skip

    def _measured(self, id_: str, value: int | None) -> None:
        self._see(id_, {"value": None, "verdict": None} if value is None else {"value": value * 10})

    def open_remark(self, id_: str) -> None:
        """Write something about a point, or that it is not there at this vehicle."""
        row = self.rows.get(id_)
        if row is None:
            return
        before = row.result.remark or ""
        not_there = verdict_words(NONE)

        def done(text: str) -> None:
            if text == not_there:
                self._see(id_, {"verdict": NONE})
            elif text != before:
                self._see(id_, {"remark": text or None})

        WordsSheet(self, row.result.name or tr("Remark"), before, done, longest=2000, ready=(not_there,)).open()

    def open_picture(self, id_: str) -> None:
        """Add a picture of a point."""
        row = self.rows.get(id_)
        title = tr("Picture of {point}", point=row.result.name or "") if row is not None else tr("Add a picture")
        only = allowed(self.desk.context)
        FileSheet(self, title, PICTURES, lambda path: add_file(self, path, id_), only=only).open()

    def open_more(self) -> None:
        """Something that the template does not ask for."""
        front = self.found.front if self.found is not None else None
        if front is None:
            return
        records, actor = self.desk.records, self.desk.actor

        def done(text: str) -> None:
            self.desk.run(
                lambda: inspection_reading.see_more(records, actor, front.id, text), tr("Added: {line}", line=text)
            )

        WordsSheet(self, tr("Something else was seen"), "", done, longest=160, needed=True).open()

    # --- to the estimate

    def _to_estimate(self, result: str) -> None:
        records, actor, order = self.desk.records, self.desk.actor, self.desk.row
        there = {each.line_id for each in self.found.results} if self.found is not None else set()

        def then(line: LineView) -> None:
            if line.id not in there:
                self._told((line,))
                return
            said = tr("On the line that is there: {line}", line=line.description or "")
            self.desk.run(lambda: None, said, lambda: inspection_reading.off_estimate(records, actor, result))

        self.desk.run(lambda: inspection_reading.to_estimate(records, actor, result, order), then=then)

    def _all_to_estimate(self) -> None:
        found = self.found
        if found is None or found.front is None:
            return
        front, records, actor, order = found.front, self.desk.records, self.desk.actor, self.desk.row
        there = {each.line_id for each in found.results}

        def then(lines: tuple[LineView, ...]) -> None:
            self._told(tuple({each.id: each for each in lines if each.id not in there}.values()))

        self.desk.run(lambda: inspection_reading.all_to_estimate(records, actor, front.id, order), then=then)

    def _told(self, lines: tuple[LineView, ...]) -> None:
        records, actor, ids = self.desk.records, self.desk.actor, [each.id for each in lines]
        said = trn("{count} line is on the estimate now.", "{count} lines are on the estimate now.", len(lines))
        self.desk.run(lambda: None, said, lambda: estimate_reading.remove_lines(records, actor, ids))

    def open_paper(self) -> None:
        """The inspection as it is printed."""
        front = self.found.front if self.found is not None else None
        if front is not None:
            self.desk.show_paper("inspection", front.id)


def _day(inspection: InspectionView) -> str:
    return sync_words.moment(inspection.started_at) if inspection.started_at is not None else ""
