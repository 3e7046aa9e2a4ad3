"""Documents of a vehicle: scanned or photographed, shown small, opened page by page, added from a file, taken away."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from core.language import tr
from core.records.files import FileStore
from core.vehicles.documents import KINDS, DocumentView
from ui import sync_words, theme, vehicle_words, vehicles_writing
from ui.files_taken import ENDINGS, PDF, TYPES
from ui.pages.kept_file import Deed, Kept, KeptSheet
from ui.pages.vehicles_desk import VehiclesDesk
from ui.pages.vehicles_form import CHOICE, Blank, FormSheet
from ui.pages.vehicles_tab import Section
from ui.vehicle_tabs_reading import DocumentRead
from ui.widgets import toast
from ui.widgets.buttons import Button
from ui.widgets.file_sheet import FileSheet, allowed
from ui.widgets.file_tile import FileTile
from ui.widgets.flow import Flow

LONGEST = 200  # letters of a name


class DocumentsSection(Section):
    """``show_documents`` with those of the vehicle in front; None: they are still being read."""

    def __init__(self, desk: VehiclesDesk) -> None:
        self.add = Button(tr("Add a document"), "plus")
        super().__init__(
            tr("Documents"),
            tr("No documents yet. The registration, the insurance card or a page of the service booklet, scanned or "
               "photographed, is at hand here on every terminal."),
            self.add,
        )  # fmt: skip
        self.desk, self.row = desk, ""
        self.files = FileStore(desk.context.home / "files")
        self.add.clicked.connect(lambda _=False: self.open_add())
        self.tiles: dict[str, FileTile] = {}
        self._host = QWidget()
        self._flow = Flow(self._host, theme.space(3))
        self.body.addWidget(self._host)

    def show_documents(self, row: str, found: Sequence[DocumentRead] | None) -> None:
        self.row = row
        for old in self.tiles.values():
            self._flow.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.tiles = {}
        for each in found or ():
            tile = self.tiles[each.document.id] = self._tile(each)
            self._flow.addWidget(tile)
        self._host.setVisible(bool(found))
        self.empty.setVisible(found is not None and not found)
        self.add.setEnabled(self._may())

    def _tile(self, read: DocumentRead) -> FileTile:
        paper = read.document
        at = sync_words.moment(paper.created_at) if paper.created_at is not None else ""
        below = " · ".join(each for each in (vehicle_words.document_kind(paper.kind), at) if each)
        picture = (paper.media_type or "").startswith("image/")
        words = below if read.here else tr("on its way here")
        tile = FileTile(paper.name or tr("Document"), words, read.small, "camera" if picture else "note")
        tile.clicked.connect(lambda _=False: self.open_document(paper))
        return tile

    def _may(self) -> bool:
        return self.desk.may("vehicles.change")

    # --- looking

    def open_document(self, paper: DocumentView) -> KeptSheet:
        """Its pages over the window, with what can be done with it."""
        kept = Kept(paper.name or tr("Document"), paper.file_sha256, paper.media_type)
        deeds = (
            Deed(tr("Rename"), "edit", lambda: self.open_words(paper)),
            Deed(tr("Remove"), "trash", lambda: self._remove(paper), "danger"),
        )
        sheet = KeptSheet(self, self.desk.context, kept, deeds if self._may() else ())
        sheet.open()
        return sheet

    # --- adding, changing, removing

    def open_add(self) -> FileSheet:
        """Choose a file, then say what it is."""
        sheet = FileSheet(self, tr("Add a document"), ENDINGS, self.open_new, only=allowed(self.desk.context))
        sheet.open()
        return sheet

    def open_new(self, path: Path) -> "DocumentForm":
        """What this file is; it is read when that is kept."""
        desk, row, files = self.desk, self.row, self.files
        records, actor = desk.records, desk.actor
        name = path.stem.replace("_", " ").strip()[:LONGEST]
        given = {"name": name, "kind": None if TYPES.get(path.suffix.lower()) == PDF else "photo"}
        sheet = DocumentForm(
            desk, tr("Add a document"), _blanks(), given,
            lambda values: vehicles_writing.add_document(records, files, actor, row, path, values),
            kept=self._added, hint=path.name, keep_words=tr("Add it"), width=640,
        )  # fmt: skip
        sheet.open(sheet.form.fields["name"])
        return sheet

    def _added(self, paper: DocumentView) -> None:
        desk = self.desk
        records, actor = desk.records, desk.actor

        def undo() -> None:
            desk.run(lambda: vehicles_writing.drop_paper(records, actor, "documents", paper.id), tr("Taken back."))

        toast.show(desk.anchor, tr("Added: {line}", line=paper.name or ""), tone="ok", undo=undo)

    def open_words(self, paper: DocumentView) -> FormSheet:
        """What it is called and what it is."""
        desk = self.desk
        records, actor = desk.records, desk.actor
        sheet = FormSheet(
            desk, tr("Document"), _blanks(), {"name": paper.name, "kind": paper.kind},
            lambda values: vehicles_writing.keep_paper(records, actor, "documents", paper.id, values), width=640,
        )  # fmt: skip
        sheet.open(sheet.form.fields["name"])
        return sheet

    def _remove(self, paper: DocumentView) -> None:
        records, actor = self.desk.records, self.desk.actor
        self.desk.run(
            lambda: vehicles_writing.drop_paper(records, actor, "documents", paper.id),
            tr("Removed: {line}", line=paper.name or tr("Document")),
            lambda _: vehicles_writing.bring_paper(records, actor, "documents", paper.id),
        )


class DocumentForm(FormSheet):
    """Says that the file is being read: a long one takes its time."""

    def submit(self) -> None:
        super().submit()
        if not self.keep.isEnabled():
            self.keep.show_words(tr("Reading the file…"), "wait")

    def _failed(self, error: Exception) -> None:
        self.keep.show_words(tr("Add it"), "ok")
        super()._failed(error)


def _blanks() -> tuple[Blank, ...]:
    kinds: dict[str, Any] = dict(KINDS)
    return (Blank("name", tr("Name"), wide=True), Blank("kind", tr("What it is"), CHOICE, words=kinds, wide=True))
