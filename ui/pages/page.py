"""What every screen is: a widget with a name that knows when it is seen and which commands it offers."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.records.changes import ChangeSet
from ui.context import UiContext


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can find and run with Ctrl+K. ``words`` are further words it is found by."""

    title: str
    run: Callable[[], object]
    icon: str = "command"
    words: str = ""
    keys: str = ""  # as shown, "Ctrl+K"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A place on the rail. ``title`` is marked for translation; ``build`` makes the page at its first show."""

    name: str
    title: str
    icon: str
    build: Callable[[UiContext], "Page"]
    rows: frozenset[str] = frozenset()  # what it can show one of: tables, "recordings" by id, "vins"


class Page(QWidget):
    """A screen of the terminal. Subclasses build their widgets in ``load``, which runs once, before the first show."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.context = context
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "page")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # so that the keys of the page in front work at once

    def load(self) -> None:
        """Build the widgets."""

    def on_shown(self) -> None:
        """The page has come to the front: start what costs something."""

    def on_hidden(self) -> None:
        """The page has left the front or is about to go: stop it again."""

    def on_change(self, changes: ChangeSet) -> None:
        """Rows of the workshop read differently now, whoever wrote them. Comes to hidden pages too."""

    def on_link(self) -> None:
        """Something about the other terminals is different: reached, away, waiting, pairing."""

    def show_signal(self, key: str) -> bool:
        """Bring a signal into view, for the search box. False when this page has no place for it."""
        return False

    def show_row(self, table: str, row: str) -> bool:
        """Show a row of the workshop. False when this page does not show rows of ``table``."""
        return False

    def commands(self) -> tuple[Command, ...]:
        """What this page offers in the search box."""
        return ()

    def scenes(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        """Further pictures for ``bayline pictures``: a name, and what puts the page into that state.

        A sheet it opens is closed again afterwards; anything else is taken back in ``on_hidden``.
        """
        return ()
