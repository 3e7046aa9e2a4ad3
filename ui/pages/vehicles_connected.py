"""The car that is connected, in the vehicles: its profile is opened by one press, or made of what its VIN tells."""

from PySide6.QtCore import QTimer, Signal

from core.language import tr
from ui.context import Session
from ui.widgets.buttons import Button

LOOK_MS = 1000


class ConnectedCar(Button):
    """To be seen while a car that said its VIN is connected; pressed: ``wanted`` with the VIN."""

    wanted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(tr("Connected car"), "plug", role="plain")
        self._session = session
        self.vin = ""
        self.clicked.connect(lambda _=False: self.wanted.emit(self.vin))
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.hide()

    def watch(self, on: bool) -> None:
        """Look for a car, or stop looking."""
        if on:
            self.look()
            self._timer.start()
        else:
            self._timer.stop()

    def look(self) -> None:
        self.vin = self._session.status().vin
        self.setToolTip(tr("Open the vehicle with the VIN {vin}", vin=self.vin))
        if bool(self.vin) == self.isHidden():
            self.setVisible(bool(self.vin))
