"""Settings of kiosk mode: a terminal on the wall that cannot be left without its PIN."""

from collections.abc import Callable

from core.language import tr
from ui import background
from ui.context import UiContext
from ui.widgets import toast
from ui.widgets.buttons import Button, Switch
from ui.widgets.panels import Row, Separator
from ui.widgets.pin_sheet import NewPinSheet, UnlockSheet
from ui.widgets.settings_card import Report, SettingsCard


class KioskCard(SettingsCard):
    """The switch and the PIN. Without a PIN kiosk mode cannot be switched on: it asks for one first."""

    def __init__(self, context: UiContext, report: Report) -> None:
        super().__init__(tr("Kiosk mode"), context, report)
        self.kiosk = Switch(context.preferences.kiosk, tr("Kiosk mode"))
        self.kiosk.toggled.connect(self._asked)
        self.body.addWidget(
            Row(
                "kiosk",
                tr("Kiosk mode"),
                tr("Full screen, also after a restart. Leaving it takes the PIN, which is asked for at any try."),
                self.kiosk,
            )
        )
        self.body.addWidget(Separator())
        self.change = Button("")
        self.change.clicked.connect(lambda _=False: self.change_pin())
        self.pin = Row("lock", tr("PIN"), "", self.change)
        self.body.addWidget(self.pin)
        self.refresh()

    def refresh(self) -> None:
        self.kiosk.set_value(self.context.preferences.kiosk)
        has = self.context.has_pin()
        self.pin.meaning.setText(
            tr("A PIN is set. Whoever forgets it needs this computer's administrator.") if has else tr("None is set.")
        )
        self.change.show_words(tr("Change…") if has else tr("Set…"))

    def _asked(self, on: bool) -> None:
        self.kiosk.set_value(self.context.preferences.kiosk)  # until it is so
        if not on:
            if self.context.frame is not None:
                self.context.frame.leave_kiosk()
        elif self.context.has_pin():
            self._enter()
        else:
            self._ask_new(self._enter)

    def _enter(self) -> None:
        self.context.preferences.kiosk = True
        problem = self.context.keep_preferences()
        self.refresh()
        if self.context.frame is not None:
            self.context.frame.enter_kiosk()
        if problem is not None:
            toast.show(self, problem.what, detail=problem.detail, tone="warning")
        else:
            self.report(tr("Kiosk mode is on. Leaving it takes the PIN."), None)

    def change_pin(self) -> None:
        """Ask for the old PIN where there is one, then for the new one twice."""
        frame = self.context.frame
        if not self.context.has_pin() or frame is None:
            self._ask_new(self.refresh)
            return
        sheet = UnlockSheet(self, tr("Change the PIN"), frame.gate)
        sheet.opened.connect(lambda: self._ask_new(self.refresh))
        sheet.open(sheet)

    def _ask_new(self, then: Callable[[], object]) -> None:
        sheet = NewPinSheet(self, lambda pin: self._keep_pin(pin, then))
        sheet.open(sheet)

    def _keep_pin(self, pin: str, then: Callable[[], object]) -> None:
        # The hash of a PIN is slow on purpose.
        background.run(self, lambda: self.context.set_pin(pin), lambda _: self._kept(then), self._failed)

    def _kept(self, then: Callable[[], object]) -> None:
        self.refresh()
        toast.show(self, tr("The PIN is set."), tone="ok")
        then()

    def _failed(self, error: Exception) -> None:
        said = tr("The PIN could not be saved.")
        self.context.note(said, str(error))
        toast.show(self, said, detail=tr("{why} The PIN is as it was before.", why=error), tone="critical")
        self.refresh()
