"""A card of the settings page: rows of choices that are kept and applied the moment they are made."""

from collections.abc import Callable

from core.language import tr
from ui.context import UiContext
from ui.widgets import toast
from ui.widgets.panels import Card

Report = Callable[[str, Callable[[], object] | None], object]


class SettingsCard(Card):
    """``report`` is told in words what changed, and how to take it back."""

    def __init__(self, heading: str, context: UiContext, report: Report) -> None:
        super().__init__(heading)
        self.context, self.report = context, report

    def refresh(self) -> None:
        """Show the preferences as they are."""

    def choose(self, preference: str, value: object, said: str, apply: Callable[[], object] | None = None) -> None:
        """Set a preference, keep it, ``apply`` it, and offer to take it back."""
        before = getattr(self.context.preferences, preference)
        if value == before:
            return
        context = self.context

        def become(wanted: object) -> None:
            setattr(context.preferences, preference, wanted)
            context.keep_preferences()
            if apply is not None:
                apply()

        setattr(context.preferences, preference, value)
        problem = context.keep_preferences()
        if apply is not None:
            apply()
        if problem is not None:
            toast.show(self, problem.what, detail=problem.detail, tone="warning")
        else:
            self.report(said, lambda: become(before))


def on_off(on: bool) -> str:
    """The word for a switch."""
    return tr("On") if on else tr("Off")
