"""Which screens exist. An entry joins when its page does, so that the rail has no dead ends."""

from core.language import mark
from ui.context import UiContext
from ui.pages.page import Page, PageEntry


def _live(context: UiContext) -> Page:
    from ui.pages.live import LivePage

    return LivePage(context)


def _board(context: UiContext) -> Page:
    from ui.pages.board import BoardPage

    return BoardPage(context)


def _orders(context: UiContext) -> Page:
    from ui.pages.orders import OrdersPage

    return OrdersPage(context)


def _parts(context: UiContext) -> Page:
    from ui.pages.parts import PartsPage

    return PartsPage(context)


def _invoices(context: UiContext) -> Page:
    from ui.pages.invoices import InvoicesPage

    return InvoicesPage(context)


def _schedule(context: UiContext) -> Page:
    from ui.pages.schedule import SchedulePage

    return SchedulePage(context)


def _vehicles(context: UiContext) -> Page:
    from ui.pages.vehicles import VehiclesPage

    return VehiclesPage(context)


def _insights(context: UiContext) -> Page:
    from ui.pages.insights import InsightsPage

    return InsightsPage(context)


def _changes(context: UiContext) -> Page:
    from ui.pages.changes import ChangesPage

    return ChangesPage(context)


def _bays(context: UiContext) -> Page:
    from ui.pages.bays import BaysPage

    return BaysPage(context)


def _settings(context: UiContext) -> Page:
    from ui.pages.settings import SettingsPage

    return SettingsPage(context)


ENTRIES = (
    PageEntry("live", mark("Live"), "live", _live, frozenset({"recordings"})),
    PageEntry("board", mark("Board"), "board", _board),
    PageEntry("schedule", mark("Schedule"), "calendar", _schedule, frozenset({"appointments", "allocations"})),
    PageEntry("orders", mark("Orders"), "orders", _orders, frozenset({"repair_orders"})),
    PageEntry("parts", mark("Parts"), "parts", _parts, frozenset({"parts", "purchase_orders"})),
    PageEntry("invoices", mark("Invoices"), "receipt", _invoices, frozenset({"invoices"})),
    PageEntry(
        "vehicles",
        mark("Vehicles"),
        "car",
        _vehicles,
        frozenset({"vehicles", "odometer_readings", "customers", "vins"}),
    ),
    PageEntry("insights", mark("Insights"), "insights", _insights),
    PageEntry("changes", mark("Changes"), "changes", _changes),
    PageEntry("bays", mark("Bays"), "bays", _bays),
    PageEntry("settings", mark("Settings"), "settings", _settings),
)
