"""From the gauges to the vehicle they are of, and from a vehicle to a recording of it: one press each way."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.diagnostics.library import Recorded, RecordingMissing
from core.diagnostics.playback import Playback
from core.language import tr
from ui import background
from ui.people_rights import may_open
from ui.widgets import toast
from ui.widgets.buttons import Button

if TYPE_CHECKING:
    from ui.pages.live import LivePage


class VehicleWay(QObject):
    """Shows ``button`` while the VIN of what the page shows is known, and brings that vehicle to the front."""

    def __init__(self, page: "LivePage", button: Button) -> None:
        super().__init__(page)
        self._page, self._button = page, button
        self.vin = ""
        button.clicked.connect(lambda _=False: self.go())
        self.look()

    def look(self) -> None:
        """Look whose gauges these are now."""
        context, source = self._page.context, self._page.source
        if isinstance(source, Playback):
            self.vin = Recorded.of(source.index).vin
        else:
            self.vin = source.status().vin
        wanted = bool(self.vin) and context.records is not None and may_open(context.actor, "vehicles")
        if wanted == self._button.isHidden():
            self._button.setVisible(wanted)

    def go(self) -> None:
        """To the vehicle; a new one is offered when this VIN is not known in the workshop."""
        if self._page.context.frame is not None and self.vin:
            self._page.context.frame.open_row("vins", self.vin)


def open_recording(page: "LivePage", recording: str) -> None:
    """Play a recording of this terminal, by its id."""
    library = page.context.session.recordings

    def opened(playback: Playback) -> None:
        if page.isVisible():
            page.play(playback)
        else:
            playback.close()  # a person went on meanwhile

    def failed(error: Exception) -> None:
        if not isinstance(error, OSError | RecordingMissing):
            raise error
        detail = (error.strerror if isinstance(error, OSError) else "") or str(error)
        toast.show(page, tr("The recording cannot be read"), detail=detail, tone="critical")

    background.run(page, lambda: library.open(recording), opened, failed)
