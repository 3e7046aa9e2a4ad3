"""Opening an order from wherever one is: the board, the search, a vehicle, the schedule."""

from ui.context import UiContext

OVERVIEW = "overview"
SECTIONS = (OVERVIEW, "work", "estimate", "inspection", "parts", "notes", "files", "invoice", "history")

_places: dict[str, str] = {}  # the section in which each order was left; ids are the world's, one table serves all


def open_order(context: UiContext, order_id: str, section: str | None = None) -> None:
    """Bring an order to the front, in the section where it was left, or in ``section`` (one of ``SECTIONS``)."""
    if section is not None:
        remember(order_id, section)
    if context.frame is not None:
        context.frame.open_row("repair_orders", order_id)


def remember(order_id: str, section: str) -> None:
    """An order is in this section now."""
    if section in SECTIONS:
        _places[order_id] = section


def left_at(order_id: str) -> str:
    """The section in which the order was left."""
    return _places.get(order_id, OVERVIEW)
