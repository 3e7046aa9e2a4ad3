"""Settings of what is seen and heard: theme, language, units, text size, alarm sound, on-screen keyboard."""

from core.language import AVAILABLE, mark, tr
from core.obd.units import IMPERIAL, METRIC
from ui import theme
from ui.context import UiContext
from ui.widgets.buttons import Segmented, Switch
from ui.widgets.panels import Row, Separator
from ui.widgets.settings_card import Report, SettingsCard, on_off

UNITS = {METRIC: mark("Metric"), IMPERIAL: mark("Imperial")}


class ScreenCard(SettingsCard):
    """How the screen looks and speaks."""

    def __init__(self, context: UiContext, report: Report) -> None:
        super().__init__(tr("Screen"), context, report)
        chosen = context.preferences
        self.theme = Segmented({name: tr(title) for name, title in theme.NAMES.items()}, chosen.theme, tr("Theme"))
        self.theme.chosen.connect(self._choose_theme)
        self.language = Segmented(dict(AVAILABLE), chosen.language, tr("Language"))
        self.language.chosen.connect(self._choose_language)
        self.units = Segmented({name: tr(title) for name, title in UNITS.items()}, chosen.units, tr("Units"))
        self.units.chosen.connect(self._choose_units)
        sizes = {scale: tr(title) for scale, title in theme.SCALES.items()}
        self.text_size = Segmented(sizes, chosen.text_scale, tr("Text size"))
        self.text_size.chosen.connect(self._choose_size)
        rows = (
            Row("theme", tr("Theme"), tr("Night for a dark workshop, day for a bright one."), self.theme),
            Row("language", tr("Language"), tr("Changes at once, everywhere on this terminal."), self.language),
            Row("units", tr("Units"), tr("km and °C, or miles and °F. A gauge can have its own."), self.units),
            Row("text-size", tr("Text size"), tr("Gauges fit themselves to their place anyway."), self.text_size),
        )
        for at, row in enumerate(rows):
            if at:
                self.body.addWidget(Separator())
            self.body.addWidget(row)

    def refresh(self) -> None:
        chosen = self.context.preferences
        self.theme.set_value(chosen.theme)
        self.language.set_value(chosen.language)
        self.units.set_value(chosen.units)
        self.text_size.set_value(chosen.text_scale)

    def _dress(self) -> None:
        if self.context.frame is not None:
            self.context.frame.dress()

    def _retranslate(self) -> None:
        if self.context.frame is not None:
            self.context.frame.retranslate()

    def _choose_theme(self, name: str) -> None:
        self.choose("theme", name, tr("Theme: {name}", name=tr(theme.NAMES[name])), self._dress)

    def _choose_language(self, code: str) -> None:
        self.choose("language", code, tr("Language: {name}", name=AVAILABLE[code]), self._retranslate)

    def _choose_units(self, system: str) -> None:
        self.choose("units", system, tr("Units: {name}", name=tr(UNITS[system])), self._retranslate)

    def _choose_size(self, scale: float) -> None:
        self.choose("text_scale", scale, tr("Text size: {name}", name=tr(theme.SCALES[scale])), self._dress)


class SoundCard(SettingsCard):
    """What is heard, and how one types without keys."""

    def __init__(self, context: UiContext, report: Report) -> None:
        super().__init__(tr("Sound and touch"), context, report)
        self.sound = Switch(context.preferences.alarm_sound, tr("Alarm sound"))
        self.sound.toggled.connect(self._choose_sound)
        self.touch = Switch(context.preferences.touch, tr("On-screen keyboard"))
        self.touch.toggled.connect(self._choose_touch)
        self.body.addWidget(
            Row(
                "speaker",
                tr("Alarm sound"),
                tr("A new alarm sounds once, a critical one until somebody acknowledges it."),
                self.sound,
            )
        )
        self.body.addWidget(Separator())
        self.body.addWidget(
            Row(
                "keyboard",
                tr("On-screen keyboard"),
                tr("Comes up when something can be typed. In kiosk mode it always does."),
                self.touch,
            )
        )

    def refresh(self) -> None:
        self.sound.set_value(self.context.preferences.alarm_sound)
        self.touch.set_value(self.context.preferences.touch)

    def _choose_sound(self, on: bool) -> None:
        self.choose("alarm_sound", on, tr("Alarm sound: {state}", state=on_off(on)))

    def _choose_touch(self, on: bool) -> None:
        frame = self.context.frame
        apply = frame.dress if frame is not None else None
        self.choose("touch", on, tr("On-screen keyboard: {state}", state=on_off(on)), apply)
