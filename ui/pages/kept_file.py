"""A file that was kept - a scanned paper, a photograph - over the window: looked at, printed, copied, taken away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from core.language import mark, tr
from core.records.errors import RecordsError
from core.records.files import FileStore
from ui import papers_printing
from ui.context import UiContext
from ui.files_taken import PDF, TYPES, small_jpeg
from ui.pages.papers_preview import PaperSheet
from ui.papers_made import Shown
from ui.widgets.buttons import Button

SHARP_PX = 2400  # of a photograph: sharp on a sheet of paper
_ENDINGS: Mapping[str, str] = {kind: ending for ending, kind in reversed(TYPES.items())}


class StillAway(RecordsError):  # noqa: N818 - said to a person
    words = mark("Its bytes are still at another terminal; they come by themselves.")


@dataclass(frozen=True, slots=True)
class Kept:
    """Which file, and what it is called. ``media_type`` as its row says it."""

    name: str
    sha256: str | None
    media_type: str | None

    @property
    def ending(self) -> str:
        return _ENDINGS.get(self.media_type or "", "")


@dataclass(frozen=True, slots=True)
class Deed:
    """What else can be done with it: a button. The sheet closes before ``do`` is called."""

    words: str
    icon: str
    do: Callable[[], object]
    role: str = ""


class KeptSheet(PaperSheet):
    """``deeds`` stand above what can be done with every paper."""

    def __init__(self, anchor: QWidget, context: UiContext, kept: Kept, deeds: tuple[Deed, ...] = ()) -> None:
        self._deeds = deeds
        self.deed_buttons: list[Button] = []
        files = FileStore(context.home / "files")
        super().__init__(anchor, kept.name, lambda: _made(files, kept), context)
        self.ending = kept.ending

    def _buttons(self) -> tuple[Button, ...]:
        buttons = super()._buttons()
        self.save.show_words(tr("Save a copy"), "export")
        for deed in self._deeds:
            button = Button(deed.words, deed.icon, role=deed.role)
            button.clicked.connect(lambda _=False, deed=deed: self._do(deed))
            self.deed_buttons.append(button)
        return (*self.deed_buttons, *buttons)

    def _do(self, deed: Deed) -> None:
        self.close_sheet()
        deed.do()

    def _show(self, found: tuple[Shown, bytes, tuple[bytes, ...]]) -> None:
        super()._show(found)
        if not found[2]:
            self.count.setText(tr("It cannot be shown"))
            self.view.say(found[0].why if isinstance(found[0], _Copy) else "")
            self.print.setEnabled(False)

    def no_program(self) -> str:
        return tr("This computer has no program that opens it.")


class _Copy:
    """A file as the sheet shows it. ``why``: why there are no pages of it; it can be copied all the same."""

    kind = "document"

    def __init__(self, kept: Kept, path: Path) -> None:
        self._kept, self._path = kept, path
        self.name = self.title = kept.name
        self.why = ""

    def pages(self, ppi: float, /) -> tuple[bytes, ...]:
        from core.workshop.papers_of_files import CannotBeShown, KeptFile  # with it comes typst

        picture = None
        if self._kept.media_type != PDF:
            jpeg = small_jpeg(self._path, SHARP_PX)
            if not jpeg:
                self.why = tr("This cannot be shown here. A copy of it can be saved.")
                return ()
            picture = papers_printing.for_a_look(self.name, jpeg, ".jpg")
        try:
            return KeptFile(self.name, self._path, self._kept.media_type or "", picture).pages(ppi)
        except CannotBeShown as error:
            self.why = str(error)
            return ()

    def file(self) -> bytes:
        return self._path.read_bytes()


def _made(files: FileStore, kept: Kept) -> _Copy:
    """Waits. Raises ``StillAway``."""
    if not kept.sha256 or not files.has(kept.sha256):
        raise StillAway(kept.name)
    return _Copy(kept, files.path(kept.sha256))
