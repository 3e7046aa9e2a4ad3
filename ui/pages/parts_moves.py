"""Taking parts out, bringing them in, counting them: a number pad, and a question when more goes than there is."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from core.language import tr
from core.records.input import Refused
from core.workshop.parts import COUNTED, PartView
from core.workshop.stock_moves import MoveView
from ui import part_words, parts_reading
from ui.pages.parts_desk import PartsDesk
from ui.widgets.amount_sheet import AmountSheet, Verdict
from ui.widgets.buttons import Button, Segmented
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import label

TAKE, BRING, COUNT = "take", "bring", "count"
DECIMALS = 3  # quantities are thousandths


def decimals_of(unit: str) -> int:
    """Places after the point that make sense: nobody takes half an oil filter."""
    return 0 if unit in COUNTED else DECIMALS


def to_pad(quantity: int, unit: str) -> int:
    """Thousandths as the number pad counts them for this unit."""
    return quantity if decimals_of(unit) else quantity // 1000


def from_pad(value: int, unit: str) -> int:
    """What the number pad says, in thousandths."""
    return value if decimals_of(unit) else value * 1000


def open_pad(
    anchor: QWidget,
    title: str,
    quantity: int,
    unit: str,
    done: Callable[[int], object],
    *,
    hint: str = "",
    judge: Callable[[int], Verdict] | None = None,
) -> AmountSheet:
    """Ask for a quantity; ``quantity``, ``done`` and ``judge`` are in thousandths."""

    def kept(value: int | None) -> None:
        if value is not None:
            done(from_pad(value, unit))

    def judged(value: int) -> Verdict:
        assert judge is not None
        return judge(from_pad(value, unit))

    sheet = AmountSheet(
        anchor,
        title,
        to_pad(quantity, unit),
        kept,
        unit="" if unit == "pc" else part_words.unit_words(unit),
        decimals=decimals_of(unit),
        hint=hint,
        judge=judged if judge is not None else None,
    )
    sheet.open()
    return sheet


def ask_move(desk: PartsDesk, part: PartView, way: str) -> AmountSheet:
    """Ask how many go, come or are there, and why; then write it."""
    reasons = {
        TAKE: {"fitted": tr("Fitted"), "scrapped": tr("Thrown away")},
        BRING: {"receipt": tr("Came in"), "returned": tr("Brought back")},
        COUNT: {"count": tr("Counted")},
    }[way]
    titles = {TAKE: tr("Take out"), BRING: tr("Bring in"), COUNT: tr("Count")}
    chosen = Segmented(reasons, next(iter(reasons)), tr("Reason"))

    def judge(quantity: int) -> Verdict:
        after = {TAKE: part.on_hand - quantity, BRING: part.on_hand + quantity, COUNT: quantity}[way]
        shown = part_words.amount(after, part.unit)
        if after < 0:
            return "warning", "warning", tr("More than there is: {count} afterwards", count=shown)
        if way == COUNT:
            difference = after - part.on_hand
            if difference == 0:
                return "ok", "ok", tr("As many as there should be")
            return "info", "info", tr("{count} against what there should be", count=part_words.signed(difference))
        return "ok", "ok", tr("{count} afterwards", count=shown)

    def done(quantity: int) -> None:
        do_move(desk, part, str(chosen.value()), quantity)

    begin = part.on_hand if way == COUNT else 1000
    hint = f"{part.name or ''} · {tr('In store')}: {part_words.amount(part.on_hand, part.unit).replace('-', '−')}"
    sheet = open_pad(desk.anchor, titles[way], max(0, begin), part.unit, done, hint=hint, judge=judge)
    if len(reasons) > 1:
        sheet.body.insertWidget(1, chosen)
        sheet.refit()
    else:
        chosen.setParent(sheet)
        chosen.hide()
    return sheet


def do_move(desk: PartsDesk, part: PartView, reason: str, quantity: int, *, anyway: bool = False) -> None:
    """Write a move, offer the way back, and ask when the store has fewer."""
    records, actor = desk.records, desk.actor

    def said(moved: MoveView) -> str:
        left = part_words.amount(moved.balance, part.unit)
        return tr(
            "{part}: {reason}. {count} in store.", part=part.name, reason=part_words.move_words(reason), count=left
        )

    desk.run(
        lambda: parts_reading.move(records, actor, part.id, reason, quantity, anyway=anyway),
        said,
        undo=lambda moved: parts_reading.take_back(records, actor, [moved.id]),
        refused=lambda refused: AnywaySheet(desk, part, reason, quantity, refused).open(),
    )


class AnywaySheet(Sheet):
    """The store has fewer than are taken: count, take them all the same, or leave it."""

    def __init__(self, desk: PartsDesk, part: PartView, reason: str, quantity: int, refused: Refused) -> None:
        super().__init__(desk.anchor, tr("More than there is"), width=680)
        words = [str(refused), tr("Take them if you hold them in your hand: the store then shows less than nothing "
                                  "until somebody counts.")]  # fmt: skip
        for each in words:
            self.body.addWidget(label(each, wrap=True))
        self.anyway = Button(tr("Take {count} all the same", count=part_words.amount(quantity, part.unit)), "arrow-up")
        self.anyway.clicked.connect(
            lambda _=False: self._then(lambda: do_move(desk, part, reason, quantity, anyway=True))
        )
        self.count = Button(tr("Count first"), "number", role="primary")
        self.count.clicked.connect(lambda _=False: self._then(lambda: ask_move(desk, part, COUNT)))
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(lambda _=False: self.close_sheet())
        for button in (cancel, self.anyway, self.count):
            self.footer.addWidget(button, 1)

    def _then(self, deed: Callable[[], object]) -> None:
        self.close_sheet()
        deed()
