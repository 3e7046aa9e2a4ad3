"""Which paper is made of which row: what pages name when they show one. Making one reads and waits: off the window."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from core.records.files import FileStore
from ui.context import UiContext

if TYPE_CHECKING:
    from core.workshop.papers import Paper  # with it comes typst: only when a paper is asked for


class Shown(Protocol):
    """What can be looked at page by page, and taken along: a paper that is set, or a file that was kept."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def kind(self) -> str: ...

    def pages(self, ppi: float, /) -> tuple[bytes, ...]: ...

    def file(self) -> bytes: ...


Make = Callable[[], Shown]

# What a page asks for -> of which row.
KINDS = {
    "estimate": "repair_orders",
    "order": "repair_orders",
    "key_tag": "repair_orders",
    "inspection": "inspections",
    "invoice": "invoices",  # credit notes too
    "receipt": "payments",
    "history": "vehicles",
    "part_label": "parts",
}


def paper_of(context: UiContext, kind: str, row: str, **choices: Any) -> Make:
    """What makes the paper ``kind`` (in ``KINDS``) of a row; ``choices``: ``language``, of a history ``prices``.

    To be called off the window's thread; raises ``NotFound``, ``RecordsError``. Raises ``ValueError`` for another kind.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not one of {', '.join(KINDS)}")
    return partial(_made, context, kind, row, choices)


def _made(context: UiContext, kind: str, row: str, choices: dict[str, Any]) -> "Paper":
    # With these comes the reading of half the workshop: only when a paper is asked for.
    from core.workshop import papers_of_money as money
    from core.workshop import papers_of_work as work
    from core.workshop.papers_of_vehicle import history_paper

    makers: dict[str, Callable[..., Paper]] = {
        "estimate": money.estimate_paper,
        "invoice": money.invoice_paper,
        "receipt": money.receipt_paper,
        "order": work.order_paper,
        "key_tag": work.key_tag_paper,
        "part_label": work.part_label_paper,
        "history": history_paper,
        "inspection": partial(work.inspection_paper, pictures=work.pictures_of(FileStore(context.home / "files"))),
    }
    records = context.records
    if records is None:
        raise ValueError("a paper needs records")
    with records.read() as session:
        return makers[kind](session, row, **choices)
