"""Which printer: asked for on a sheet of ours, where the dialog of the system would be a way out or too much."""

from collections.abc import Callable

from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from core.language import tr
from ui.widgets import toast
from ui.widgets.choice_sheet import Answer, ChoiceSheet


def printer_named(name: str) -> QPrinter:
    """The printer of this computer with this name."""
    return QPrinter(QPrinterInfo.printerInfo(name), QPrinter.PrinterMode.HighResolution)


def printers(anchor: QWidget) -> list[str]:
    """The names of all there are; without one that is said."""
    found = list(QPrinterInfo.availablePrinterNames())
    if not found:
        detail = tr("Set one up on this computer, or save the paper as PDF.")
        toast.show(anchor, tr("This computer has no printer."), detail=detail, tone="warning")
    return found


def choose_printer(
    anchor: QWidget, names: list[str], chosen: Callable[[QPrinter], object], *, ask: bool = False
) -> None:
    """The usual one, or the only one; several without a usual one are asked about. ``ask``: always, when several."""
    usual = QPrinterInfo.defaultPrinterName()
    if len(names) == 1 or (usual and not ask):
        chosen(printer_named(names[0] if len(names) == 1 else usual))
        return

    def named(name: str | None) -> None:
        if name is not None:
            chosen(printer_named(name))

    answers = tuple(Answer(each, each, "print") for each in names)
    ChoiceSheet(anchor, tr("On which printer?"), answers, usual or None, named).open()
