"""Settings of what the terminal is connected to: its adapter, and the page it serves to phones and tablets."""

from core.language import tr
from ui import background
from ui.context import UiContext
from ui.widgets import toast
from ui.widgets.buttons import Button, Switch
from ui.widgets.panels import Row, Separator
from ui.widgets.pin_sheet import UnlockSheet
from ui.widgets.settings_card import Report, SettingsCard


class AdapterCard(SettingsCard):
    """Which adapter; the panel behind the button does the rest."""

    def __init__(self, context: UiContext, report: Report) -> None:
        super().__init__(tr("Adapter"), context, report)
        self.button = Button(tr("Connection…"), "plug")
        if context.frame is not None:
            self.button.clicked.connect(context.frame.open_connection)
        self.row = Row("plug", tr("Diagnostic adapter"), "", self.button)
        self.body.addWidget(self.row)
        self.refresh()

    def refresh(self) -> None:
        address = self.context.session.status().address or self.context.preferences.address
        self.row.meaning.setText(address or tr("None has been chosen yet."))


class PageCard(SettingsCard):
    """Whether other devices may open this terminal's page."""

    def __init__(self, context: UiContext, report: Report) -> None:
        super().__init__(tr("Page for phones and tablets"), context, report)
        self._title = tr("Open to the LAN") if context.membership is None else tr("Reachable in the network")
        self.lan = Switch(context.preferences.lan, self._title)
        self.lan.toggled.connect(self._asked)
        self.body.addWidget(Row("network", self._title, self._means(), self.lan))
        self.body.addWidget(Separator())
        self.state = Row("phone", tr("Address"), "")
        self.body.addWidget(self.state)
        self.refresh()

    def _means(self) -> str:
        """Who gets in: in a workshop only who is known to it (``page.lan`` and ``workshop.network``)."""
        if self.context.membership is None:
            return tr(
                "Off: only this terminal can open the page. On: everyone in the same network can see the live "
                "values, the alarms and the car's VIN; nobody can change anything."
            )
        return tr(
            "On: the workshop's other terminals reach this one, and so do phones and tablets that were given a token; "
            "nobody else. Off: this terminal works alone, and is in step again once it is on."
        )

    def refresh(self) -> None:
        self.lan.set_value(self.context.preferences.lan)
        addresses = self.context.page_addresses()
        self.state.meaning.setText(", ".join(addresses) or tr("The page is off: its server could not be started."))

    def _asked(self, on: bool) -> None:
        """On a locked terminal opening it to others takes the PIN."""
        frame = self.context.frame
        if not (on and self.context.preferences.kiosk and self.context.has_pin() and frame is not None):
            self.switch(on)
            return
        self.lan.set_value(False)
        sheet = UnlockSheet(self, self._title, frame.gate)
        sheet.opened.connect(lambda: self.switch(True))
        sheet.open(sheet)

    def switch(self, on: bool) -> None:
        """Restart the page open or closed, off this thread."""
        self.lan.set_value(on)
        self.lan.setEnabled(False)
        self.state.meaning.setText(tr("The page restarts…"))
        background.run(
            self, lambda: self.context.set_lan(on), lambda _: self._done(on), lambda error: self._failed(on, error)
        )

    def _done(self, on: bool) -> None:
        self.context.preferences.lan = on
        self.context.keep_preferences()
        self.lan.setEnabled(True)
        self.refresh()
        said = tr("The page is open to the LAN.") if on else tr("The page is closed to the LAN.")
        if self.context.membership is not None:
            said = tr("This terminal can be reached.") if on else tr("Nobody reaches this terminal now.")
        self.report(said, lambda: self.switch(not on))

    def _failed(self, on: bool, error: Exception) -> None:
        self.lan.setEnabled(True)
        self.refresh()
        said = tr("The page could not be opened to the LAN.") if on else tr("The page could not be closed to the LAN.")
        self.context.note(said, str(error))
        detail = tr("{why} Nothing was changed; try again, or restart the terminal.", why=error)
        toast.show(self, said, detail=detail, tone="critical")
