"""What the page Parts asks of the database: as much for many rows as for few."""

from collections.abc import Callable

import pytest
from sqlalchemy import event

from tests.ui.parts_stage import busy, stocked
from tests.ui.two_bays import Bay
from ui import parts_reading
from ui.money_words import NO_BREAK
from ui.part_words import amount, day_words, move_words, purchase_words, signed, stock_state


def statements(bay: Bay, read: Callable[[], object]) -> int:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        asked.append(statement)

    engine = bay.records.engines.reader
    event.listen(engine, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(statement.startswith(("SELECT", "WITH")) for statement in asked)


def test_each_section_asks_a_few_questions_however_much_there_is(one: Bay, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = stocked(one)
    purchase = busy(one, parts)
    records = one.records
    many = statements(one, lambda: parts_reading.read_parts(records))
    monkeypatch.setattr(parts_reading, "PAGE", 3)
    assert statements(one, lambda: parts_reading.read_parts(records)) <= many <= 4
    assert statements(one, lambda: parts_reading.read_parts(records, "filter")) <= 9
    assert statements(one, lambda: parts_reading.read_some(records, list(parts.values()))) <= 4
    assert statements(one, lambda: parts_reading.read_reorder(records)) <= 5
    assert statements(one, lambda: parts_reading.read_purchases(records)) <= 5
    assert statements(one, lambda: parts_reading.read_purchase(records, purchase)) <= 9
    assert statements(one, lambda: parts_reading.read_part(records, parts["W 712/95"])) <= 9


def test_a_scanned_barcode_brings_its_part_alone(one: Bay) -> None:
    parts = stocked(one)
    found = parts_reading.read_parts(one.records, "4011558736101").items
    assert [each.id for each in found] == [parts["W 712/95"]]


def test_words_for_people(one: Bay) -> None:
    assert [amount(2_000, "pc"), amount(96_500, "l"), amount(-1_000, "pc")] == ["2", f"96.5{NO_BREAK}l", "−1"]
    assert [signed(3_000), signed(-1_500), signed(0)] == ["+3", "−1.5", "0"]
    assert [move_words("fitted"), move_words("beamed"), move_words(None)] == ["Fitted", "beamed", "Moved"]
    assert [purchase_words("ordered"), purchase_words("in_orbit")] == ["Ordered", "in_orbit"]
    assert [day_words("2026-11-23"), day_words("soon")] == ["Mon 23 Nov", "soon"]
    parts = stocked(one)
    found = parts_reading.read_some(one.records, list(parts.values()))
    words = {each.number: stock_state(each)[2] for each in found.values()}
    assert (words["W 712/95"], words["OX 188D"], words["1 457 434 310"]) == ("", "Too few", "None left")
