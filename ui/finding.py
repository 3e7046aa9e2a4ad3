"""What the search box finds and the key sheet lists: pages, the window's own commands, the page's, signals and rows."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from core.language import AVAILABLE, tr
from core.obd.signals import SIGNALS
from ui import rows_found, theme, words
from ui.pages import Command
from ui.widgets import toast
from ui.widgets.search_box import Finding, LookUp

if TYPE_CHECKING:
    from ui.shell import Shell


def findings(shell: "Shell") -> list[Finding]:
    """Everything that can be found now, in the order it is offered before anything was typed."""
    found = [_command(command) for command in _front_commands(shell)]
    found += [
        Finding(tr(entry.title), tr("Page"), entry.icon, partial(shell.go, entry.name))
        for entry in shell.content.entries.values()
    ]
    found += [_command(command) for command in shell_commands(shell)]
    return found + _signals(shell)


def rows(shell: "Shell") -> LookUp | None:
    """What finds vehicles, customers, repair orders and parts as somebody types; None without a workshop."""
    return partial(rows_found.look_up, shell, shell.context) if shell.context.records is not None else None


def _front_commands(shell: "Shell") -> tuple[Command, ...]:
    page = shell.content.pages.get(shell.content.current)
    return page.commands() if page else ()


def _command(command: Command) -> Finding:
    return Finding(command.title, tr("Command"), command.icon, command.run, command.words, command.keys)


def shell_commands(shell: "Shell") -> tuple[Command, ...]:
    """What can be done from every page."""
    chosen = shell.context.preferences
    found = [
        Command(tr("Connect to an adapter…"), shell.open_connection, "plug", tr("adapter address port link")),
        Command(tr("Open on a phone…"), shell.open_page_address, "phone", tr("QR code tablet page address")),
        Command(tr("Show alarms"), shell.open_alarms, "bell", tr("warnings history")),
    ]
    if shell.content.strip.alarm is not None:
        found.append(Command(tr("Acknowledge the alarm"), shell.acknowledge, "ok", "", tr("Space")))
    if shell.context.session.status().address:
        found.append(Command(tr("Disconnect from the adapter"), shell.context.session.disconnect, "plug-off"))
    for name, title in theme.NAMES.items():
        if name != chosen.theme:
            run = _choose(shell, "theme", name)
            found.append(Command(tr("Theme: {name}", name=tr(title)), run, "theme", tr("dark light colours")))
    for code, title in AVAILABLE.items():
        if code != chosen.language:
            found.append(
                Command(tr("Language: {name}", name=title), _choose(shell, "language", code), "language", code)
            )
    if shell.kiosk.locked:
        found.append(Command(tr("Leave kiosk mode…"), shell.leave_kiosk, "unlock", tr("close quit PIN")))
    else:
        found.append(Command(tr("Full screen"), shell.toggle_full_screen, "kiosk", "", "F11"))
        found.append(Command(tr("Close Bayline"), shell.close, "power", tr("quit exit leave"), tr("Ctrl+Q")))
    found.append(Command(tr("Keys"), shell.open_help, "help", tr("shortcuts keyboard help"), "F1"))
    return tuple(found)


def _choose(shell: "Shell", preference: str, value: str) -> Callable[[], None]:
    def run() -> None:
        setattr(shell.context.preferences, preference, value)
        shell.context.keep_preferences()
        shell.dress()
        shell.retranslate()

    return run


def _signals(shell: "Shell") -> list[Finding]:
    session = shell.context.session
    found = []
    for name in session.available():
        signal = SIGNALS.get(name)
        if signal is None:
            continue
        latest = session.signals.latest(name)
        shown = words.amount(signal, latest.value) if latest and signal.kind == "number" else ""
        run = _show_signal(shell, name)
        found.append(Finding(tr(signal.title), tr("Signal"), "trend", run, f"{name} {signal.pid_text}", shown))
    return found


def _show_signal(shell: "Shell", name: str) -> Callable[[], None]:
    def run() -> None:
        for entry, page in shell.content.pages.items():
            if page.show_signal(name):
                shell.go(entry)
                return
        signal, latest = SIGNALS[name], shell.context.session.signals.latest(name)
        if latest is None:
            toast.show(shell, tr("{title} has not been asked for yet.", title=tr(signal.title)))
        else:
            value = words.amount(signal, latest.value)
            toast.show(shell, tr("{title} was {value}.", title=tr(signal.title), value=value))

    return run


def keys(shell: "Shell") -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """The keys by group, for the sheet that F1 opens."""
    everywhere = [
        (tr("Ctrl+{n}", n=at), tr("Go to {page}", page=tr(entry.title)))
        for at, entry in enumerate(shell.content.entries.values(), 1)
    ]
    everywhere += [
        (tr("Ctrl+K"), tr("Search; or just start typing")),
        (tr("Tab"), tr("To the next control; arrows move within the rail and choices")),
        (tr("Esc"), tr("Close what lies over the page")),
        (tr("Space"), tr("Acknowledge the alarm on the strip; A does too")),
        (tr("Ctrl+Z"), tr("Take back what you did last; Ctrl+Y does it again")),
        (tr("Ctrl+L"), tr("Sign in, or let somebody else")),
        ("F1", tr("These keys")),
    ]
    if not shell.kiosk.locked:
        everywhere += [("F11", tr("Full screen and back")), (tr("Ctrl+Q"), tr("Close Bayline"))]
    page = [(command.keys, command.title) for command in _front_commands(shell) if command.keys]
    title = tr(shell.content.entries[shell.content.current].title)
    return [(tr("Everywhere"), everywhere), (tr("On the page {page}", page=title), page)]
