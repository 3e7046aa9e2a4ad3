"""A deletion that can be taken back: nothing is deleted before the message that offers the way back has gone."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from core.diagnostics.library import Recorded, RecordingBusy, RecordingLibrary, RecordingMissing
from core.language import tr
from ui import background
from ui.widgets import toast

GRACE_S = 0.5  # after the message has gone: a finger may have been on its way


class PendingDeletion(QObject):
    """Lives with the window: closing the list neither hastens nor forgets it, and with the program it is dropped."""

    def __init__(
        self, anchor: QWidget, library: RecordingLibrary, recorded: Recorded, changed: Callable[[], object]
    ) -> None:
        window = anchor.window()
        super().__init__(window)
        self.id = recorded.id
        self._window, self._library, self._recorded, self._changed = window, library, recorded, changed
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._delete)
        self._timer.start(round((toast.SECONDS + GRACE_S) * 1000))
        toast.show(window, tr("Recording of {vehicle} deleted", vehicle=recorded.vehicle), undo=self.take_back)

    def take_back(self) -> None:
        """Keep the recording after all."""
        self._timer.stop()
        self._end()

    def _delete(self) -> None:
        background.run(self, lambda: self._library.delete(self.id), lambda _: self._end(), self._failed)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            detail = tr("{why}. It is still in the list.", why=why)
        elif isinstance(error, RecordingBusy):
            detail = str(error)
        elif isinstance(error, RecordingMissing):
            return self._end()
        else:
            raise error
        words = tr("The recording of {vehicle} was not deleted", vehicle=self._recorded.vehicle)
        toast.show(self._window, words, detail=detail, tone="critical")
        return self._end()

    def _end(self) -> None:
        self.setParent(None)
        self._changed()
        self.deleteLater()


def pending(window: QWidget) -> set[str]:
    """Ids of the recordings about to be deleted."""
    found = window.findChildren(PendingDeletion, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return {each.id for each in found}
