"""A repair order's status as colour, shape and word, and whether its promise is late."""

from collections.abc import Mapping

from core.language import tr
from core.workshop.orders import RepairOrderView
from core.workshop.states import RANKS, WORDS, Status

SHAPES: Mapping[Status, tuple[str, str]] = {
    Status.BOOKED: ("calendar", "text_muted"),
    Status.ARRIVED: ("car", "info"),
    Status.DIAGNOSING: ("search", "info"),
    Status.AWAITING_APPROVAL: ("people", "warning"),
    Status.AWAITING_PARTS: ("pause", "warning"),
    Status.IN_PROGRESS: ("play", "accent"),
    Status.QUALITY_CHECK: ("ok", "info"),
    Status.READY: ("connected", "ok"),
    Status.DELIVERED: ("export", "stale"),
}
_DONE = (Status.READY.value, Status.DELIVERED.value)


def status_shape(status: str | None) -> tuple[str, str]:
    """Icon and colour token; a status of a newer program has a shape of its own."""
    return SHAPES[Status(status)] if status is not None and status in RANKS else ("unknown", "info")


def status_words(status: str | None) -> str:
    """The word for a status; one of a newer program by its own name."""
    if status is not None and status in RANKS:
        return tr(WORDS[Status(status)])
    return status or tr("No status")


def is_late(order: RepairOrderView, now_ms: int) -> bool:
    """Whether what was promised is past, and the car is not ready."""
    return order.promised_at is not None and order.promised_at < now_ms and order.status not in _DONE
