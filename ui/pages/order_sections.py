"""Which sections an order has. Each is built when it is first opened, so that an order costs what is looked at."""

from collections.abc import Callable, Mapping

from core.language import mark
from ui.pages.order_desk import OrderDesk
from ui.pages.order_section import Section

TITLES: Mapping[str, str] = {
    "overview": mark("Overview"),
    "work": mark("Work"),
    "estimate": mark("Estimate"),
    "inspection": mark("Inspection"),
    "parts": mark("Parts"),
    "notes": mark("Notes"),
    "files": mark("Pictures"),
    "invoice": mark("Invoice"),
    "history": mark("History"),
}


def _overview(desk: OrderDesk) -> Section:
    from ui.pages.order_overview import OverviewSection

    return OverviewSection(desk)


def _work(desk: OrderDesk) -> Section:
    from ui.pages.order_work import WorkSection

    return WorkSection(desk)


def _estimate(desk: OrderDesk) -> Section:
    from ui.pages.order_estimate import EstimateSection

    return EstimateSection(desk)


def _inspection(desk: OrderDesk) -> Section:
    from ui.pages.order_inspection import InspectionSection

    return InspectionSection(desk)


def _parts(desk: OrderDesk) -> Section:
    from ui.pages.order_parts import PartsSection

    return PartsSection(desk)


def _notes(desk: OrderDesk) -> Section:
    from ui.pages.order_notes import NotesSection

    return NotesSection(desk)


def _files(desk: OrderDesk) -> Section:
    from ui.pages.order_files import FilesSection

    return FilesSection(desk)


def _invoice(desk: OrderDesk) -> Section:
    from ui.pages.order_invoice import InvoiceSection

    return InvoiceSection(desk)


def _history(desk: OrderDesk) -> Section:
    from ui.pages.order_history import HistorySection

    return HistorySection(desk)


_BUILDERS: Mapping[str, Callable[[OrderDesk], Section]] = {
    "overview": _overview,
    "work": _work,
    "estimate": _estimate,
    "inspection": _inspection,
    "parts": _parts,
    "notes": _notes,
    "files": _files,
    "invoice": _invoice,
    "history": _history,
}


def build_section(name: str, desk: OrderDesk) -> Section:
    """Make the section of this name."""
    return _BUILDERS[name](desk)
