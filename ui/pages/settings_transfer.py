"""Settings of import and export: tables of other programs come in, everything goes out, and imports are taken back."""

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.csv_files.batches import Batch, TakenBack
from core.csv_files.exporting import Exported
from core.csv_files.kinds import KINDS
from core.csv_files.planning import ImportPlan
from core.csv_files.writing import Imported
from core.language import tr, trn
from core.people.roles import may
from core.records.changes import ChangeSet
from core.records.records import Records
from ui import background, theme, words
from ui.context import UiContext
from ui.pages.settings_list import ListCard
from ui.pages.settings_transfer_sheet import ImportSheet
from ui.transfer_reading import bring_back, export_all, read_imports, take_back, write
from ui.widgets import file_sheet, toast
from ui.widgets.buttons import Button
from ui.widgets.choice_sheet import Answer, ChoiceSheet
from ui.widgets.dialogs import Sheet
from ui.widgets.file_sheet import FileSheet
from ui.widgets.panels import label
from ui.widgets.progress_sheet import ProgressSheet, Stopped, Telling
from ui.widgets.settings_card import Report
from ui.widgets.settings_row import SettingsRow

ENDINGS = (".csv", ".txt", ".tsv")
MOST = 6  # imports on the card
LARGEST = 1 << 28  # bytes read at once; the reader says what is too large


class TransferCard(ListCard):
    """Two buttons, and the imports there were."""

    action = "records.import"

    def __init__(self, context: UiContext, report: Report) -> None:
        super().__init__(tr("Import and export"), context, report)
        row = QHBoxLayout()
        row.setSpacing(theme.space(3))
        self.bring = Button(tr("Import a file…"), "folder", role="primary")
        self.bring.clicked.connect(lambda _=False: self.choose_file())
        self.out = Button(tr("Export everything…"), "export")
        self.out.clicked.connect(lambda _=False: self.choose_folder())
        row.addWidget(self.bring)
        row.addWidget(self.out)
        row.addStretch(1)
        self.body.addLayout(row)

    def read(self, records: Records) -> tuple[Batch, ...]:
        return read_imports(records)

    def words(self, found: tuple[Batch, ...]) -> str:
        actor = self.context.actor
        self.bring.setVisible(self.may_change)
        self.out.setVisible(actor is not None and may(actor, "records.export"))
        if found:
            return tr("Vehicles, customers, parts and history of another program. A tap on an import takes it back.")
        return tr(
            "Bring vehicles, customers, parts and history along from another program: save them there as CSV, and see "
            "what would be written before a row of it is. What is yours goes out the same way, all of it."
        )

    def rows_of(self, found: tuple[Batch, ...]) -> list[QWidget]:
        made: list[QWidget] = []
        for each in found[:MOST]:
            kind = tr(KINDS[each.kind].words) if each.kind in KINDS else each.kind
            state = tr("Taken back") if each.undone else ""
            about = " · ".join(part for part in (kind, moment(each.at), each.actor_name) if part)
            icon = "undo" if each.undone else "folder"
            row = SettingsRow(icon, each.file or kind, about, state, opens=self.may_change, quiet=each.undone)
            row.clicked.connect(lambda _=False, each=each: self.open_batch(each))
            made.append(row)
        return made

    def on_change(self, changes: ChangeSet) -> None:
        """Imports stand in the log of changes: whatever writes the four kinds may be one."""
        if any(changes.touches(table) for table in ("vehicles", "customers", "parts", "repair_orders")):
            self.refresh()

    def scenes(self) -> list[tuple[str, Callable[[], object]]]:
        return [("settings-import", self._pose)]

    def _pose(self) -> None:
        text = (
            "Kennzeichen;FIN;Marke;Modell;Baujahr;Kraftstoff;Kilometerstand;Halter;Erstzulassung;Lackcode\n"
            "HY MW 41;;BMW;320d;2019;Diesel;84.210;Anna Ott;22.03.2019;A96\n"
            "HY VW 42;WVWZZZ1JZXW000002;VW;Golf;2020;Benzin;12.000;Anna Ott;13.01.2020;LC9A\n"
            "HY OP 43;;Opel;Astra;zwölf;Benzin;9.120;Paul Neumann;31.02.2012;GAZ\n"
        )
        self.open_import("customers-cars.csv", text.encode())

    # --- in

    def choose_file(self) -> None:
        """A file of this terminal, of a stick or of the network, chosen within the window: also in kiosk mode."""
        FileSheet(self, tr("Which file?"), ENDINGS, self.take_file, only=file_sheet.allowed(self.context)).open()

    def take_file(self, path: Path) -> None:
        """Read it and show what it would become."""
        background.run(self, path.read_bytes, lambda data: self.open_import(path.name, data), self.failed)

    def open_import(self, name: str, data: bytes) -> None:
        """What is in the file, before anything is written."""
        sheet = ImportSheet(self, self.desk, name, data, places=self.targets())
        sheet.agreed.connect(lambda plan: self.write(plan, name))
        sheet.open()

    def write(self, plan: ImportPlan, name: str) -> None:
        """Write the rows somebody agreed to; between two changes it can be stopped."""
        records, actor = self.desk

        def work(telling: Telling) -> Imported:
            return write(records, actor, plan, file=name, told=telling.told, stop=telling.stop)

        def failed(error: Exception) -> None:
            self.refresh()  # what was written before it broke is in the list, to be taken back
            self.failed(error)

        ProgressSheet(self, tr("Writing"), work, self._written, failed)

    def _written(self, done: Imported) -> None:
        self.refresh()
        if not done.rows:
            toast.show(self, tr("Stopped before anything was written."))
            return
        said = trn("{count} row was written.", "{count} rows were written.", done.rows)
        detail = tr("Stopped before the end; the rows so far are there.") if done.stopped else done.file
        toast.show(self, said, detail=detail, tone="warning" if done.stopped else "ok",
                   undo=lambda: self.take_back(done.id))  # fmt: skip

    def open_batch(self, batch: Batch) -> None:
        """What taking it back means, or bringing it back, and the button that does it."""
        sheet = Sheet(self, batch.file or tr("Import"), width=620)
        words = tr(
            "Written on {when}. Taking it back hides every row it made, on all terminals, but for those that somebody "
            "has worked on since.",
            when=moment(batch.at),
        )
        if batch.undone:
            words = tr("Written on {when} and taken back. Its rows can be shown again.", when=moment(batch.at))
        sheet.body.addWidget(label(words, "muted", wrap=True))
        cancel = Button(tr("Leave it"))
        cancel.clicked.connect(lambda _=False: sheet.close_sheet())
        back = Button(tr("Bring it back") if batch.undone else tr("Take it back"), "undo", role="primary")
        back.setObjectName("bring-back" if batch.undone else "take-back")
        back.clicked.connect(lambda _=False: sheet.close_sheet())
        turn = self.bring_back if batch.undone else self.take_back
        back.clicked.connect(lambda _=False: turn(batch.id))
        sheet.footer.addWidget(cancel, 1)
        sheet.footer.addWidget(back, 1)
        sheet.open(cancel)

    def take_back(self, id_: str) -> None:
        """Take an import back as a whole."""
        records, actor = self.desk

        def done(found: TakenBack) -> None:
            self.refresh()
            said = trn("{count} row was taken back.", "{count} rows were taken back.", found.hidden)
            stayed = trn("{count} stays: somebody has worked on it.", "{count} stay: somebody has worked on them.",
                         found.stayed) if found.stayed else ""  # fmt: skip
            toast.show(self, said, detail=stayed, tone="ok")

        ProgressSheet(self, tr("Taking back"), lambda _: take_back(records, actor, id_), done, self.failed)

    def bring_back(self, id_: str) -> None:
        """Show the rows of an import again that was taken back."""
        records, actor = self.desk

        def done(count: int) -> None:
            self.refresh()
            toast.show(self, trn("{count} row is shown again.", "{count} rows are shown again.", count), tone="ok")

        ProgressSheet(self, tr("Bringing back"), lambda _: bring_back(records, actor, id_), done, self.failed)

    # --- out

    def choose_folder(self) -> None:
        """Where to: what is plugged in first. In kiosk mode only sticks and the terminal's own folder."""
        answers = [Answer(str(each), each.name or str(each), "folder") for each in self.targets()]
        ChoiceSheet(self, tr("Where should it go?"), answers, None, self._chosen,
                    hint=tr("A new folder is made there, with four files that can be imported again, every table as it "
                            "is, and all papers and photos. Secrets are left out."), ).open()  # fmt: skip

    def targets(self) -> tuple[Path, ...]:
        """Folders an export may go into."""
        only = file_sheet.allowed(self.context)
        if only is None:
            return (*file_sheet.places(), self.context.home / file_sheet.OWN)
        return (*only[1:], only[0])

    def _chosen(self, place: str | None) -> None:
        if place is not None:
            self.export_to(Path(place) / folder_name(self.context.membership.workshop if self.context.membership
                                                     else "", dt.date.today()))  # fmt: skip

    def export_to(self, folder: Path) -> None:
        """Everything into a new folder; stopped, it leaves nothing behind."""
        records, actor = self.desk
        home, target = self.context.home, _free(folder)

        def work(telling: Telling) -> Exported:
            def told(step: str, done: int, total: int) -> None:
                telling.told(done, total, step)
                if telling.stop():
                    raise Stopped

            try:
                return export_all(records, actor, home, target, told)
            except BaseException:
                shutil.rmtree(target, ignore_errors=True)  # half an export looks like a whole one
                raise

        def done(found: Exported) -> None:
            count = sum(found.rows.values())
            detail = tr("{path}: {rows} rows, {files} papers and photos", path=target, rows=words.count(count),
                        files=words.count(found.files))  # fmt: skip
            if found.missing:
                missing = trn("{count} file is not on this terminal yet", "{count} files are not on this terminal yet",
                              found.missing)  # fmt: skip
                detail = f"{detail}. {missing}."
            toast.show(self, tr("Everything was exported."), detail=detail, tone="warning" if found.missing else "ok")

        ProgressSheet(self, tr("Exporting"), work, done, self.failed)


def moment(at: int) -> str:
    """A day and a time, of UTC milliseconds."""
    return words.locale().toString(QDateTime.fromMSecsSinceEpoch(at), "d MMM yyyy, HH:mm")


def folder_name(shop: str, day: dt.date) -> str:
    """ "Bayline Weiss 2026-11-22": what every disk accepts."""
    plain = re.sub(r"[^\w-]+", " ", shop).strip()
    return " ".join(filter(None, ("Bayline", plain, day.isoformat())))


def _free(folder: Path) -> Path:
    found, n = folder, 2
    while found.exists():
        found = folder.with_name(f"{folder.name} ({n})")
        n += 1
    return found
