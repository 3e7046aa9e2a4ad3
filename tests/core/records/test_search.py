"""A row is found by the beginnings of its words, as people type them, with the same answers from both databases."""

import contextlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.people.models import Customer
from core.records.engines import open_engines
from core.records.migrating import prepare
from core.records.records import Records
from core.records.search import Hit, SearchIndex
from core.records.search_words import typed, words_of
from core.vehicles.models import Vehicle
from core.workshop.models import Note, RepairOrder

VEHICLE = "B-MW 123\n1HGCM82633A004352\nHonda\nAccord"


@pytest.fixture
def records(place: Path | str) -> Iterator[Records]:
    opened = Records.open(place)
    yield opened
    opened.close()


def _index(records: Records, *documents: tuple[str, str, str | None]) -> None:
    records.keep(lambda connection: records.search.update(connection, documents))


def _found(records: Records, text: str, **more: object) -> list[str]:
    with records.read() as session:
        return [hit.row for hit in records.search.find(session, text, **more)]  # type: ignore[arg-type]


FOUND = [
    (VEHICLE, "B-MW 123"),
    (VEHICLE, "bmw123"),
    (VEHICLE, "BMW 123"),
    (VEHICLE, "b mw123"),
    (VEHICLE, "b-mw"),
    (VEHICLE, "mw 12"),
    (VEHICLE, "b.mw.123"),
    (VEHICLE, "1HGCM8"),
    (VEHICLE, "004352"),
    (VEHICLE, "3A004352"),
    (VEHICLE, "acc hon"),
    (VEHICLE, "  honda  "),
    ("Jürgen Müller", "muller"),
    ("Jürgen Müller", "mueller"),
    ("Jürgen Müller", "MÜLL"),
    ("Juergen Mueller", "müller"),
    ("Muller", "müller"),
    ("Straße", "strasse"),
    ("Strasse", "STRAßE"),
    ("Dvořák", "dvorak"),
    ("Dvorak", "DVOŘÁK"),
    ("Ærøskøbing", "aeroskobing"),
    ("Łódź", "lodz"),
    ("İstanbul", "istanbul"),
    ("日産 スカイライン", "日産"),
    ("Škoda", "skoda"),
    ("anna@example.de", "anna"),
    ("anna@example.de", "anna@example.de"),
    ("+49 30 1234567", "1234567"),
    ("030/123 45-67", "0301234567"),
    ("030/123 45-67", "+49 30 1234567"),
    ("+49 30 1234567", "030 1234567"),
    ("+49 (0)30 / 123 45 67", "0301234567"),
    ("+49301234567", "030 1234567"),
    ("+49 30 1234567", "0049301234567"),
    ("+1 212 5550123", "0212 555"),
    ("+420 777 123456", "+420777123456"),
    ("please call 030/123 45-67 before you tow it to the yard in the street behind", "030 1234567"),
    ("delivered 01.02.2026 at noon", "01.02.2026"),
    ("ÄÖÜ-Teile 5,5", "aeoeue"),
    ("brake_fluid DOT4", "fluid dot"),
    ("front brakes squeal, rear too", "squeal rear brake"),
]


def test_it_is_found(records: Records) -> None:
    _index(records, *(("vehicles", f"row-{number}", content) for number, (content, _) in enumerate(FOUND)))
    missed = [asked for number, (_, asked) in enumerate(FOUND) if f"row-{number}" not in _found(records, asked)]
    assert missed == []


@pytest.mark.parametrize("asked", ["honda civic", "onda", "124", "", "  -- ", "hondaaccord"])
def test_it_is_not_found(asked: str) -> None:
    with contextlib.closing(Records.open("sqlite://", inline=True)) as records:
        _index(records, ("vehicles", "row-1", VEHICLE))
        assert _found(records, asked) == []


NO_LANGUAGE = (
    '"', "'", "honda'", 'honda"*', "honda OR zzz", "NOT zzz", "honda:*", "(honda", "words:honda", "^honda", "honda\\",
    "a & b | !c", "NEAR(honda, 3)", "honda\x00", "%", "?", ":question", "honda\n--", "{tables}",
)  # fmt: skip


def test_what_is_typed_is_never_a_language(records: Records) -> None:
    _index(records, ("vehicles", "row-1", "Honda"))
    for asked in NO_LANGUAGE:
        assert _found(records, asked) in ([], ["row-1"]), asked
    assert _found(records, "honda") == ["row-1"]


def test_what_changes_is_found_by_its_new_words_only(records: Records) -> None:
    _index(records, ("vehicles", "row-1", "Honda Accord"))
    _index(records, ("vehicles", "row-1", "Honda Civic"), ("customers", "row-1", "Anna"))
    assert _found(records, "accord") == []
    assert _found(records, "civic") == ["row-1"]
    assert _found(records, "anna") == ["row-1"]
    _index(records, ("vehicles", "row-1", None))
    assert _found(records, "honda") == []
    assert _found(records, "anna") == ["row-1"]
    _index(records, ("vehicles", "row-1", "Honda Civic"))
    assert _found(records, "honda civic") == ["row-1"]


def test_whole_words_come_first_then_the_newest_and_no_more_than_asked(records: Records) -> None:
    _index(records, *(("vehicles", f"row-{number}", "Hondata") for number in range(5)), ("fleets", "whole", "Honda"))
    _index(records, ("vehicles", "row-9", "Hondata"))
    assert _found(records, "honda", limit=3) == ["whole", "row-9", "row-4"]
    assert _found(records, "honda", tables=["vehicles"], limit=2) == ["row-9", "row-4"]
    assert _found(records, "honda", tables=[]) == []
    with records.read() as session:
        assert records.search.find(session, "honda", limit=1) == (Hit("fleets", "whole", 0),)


def test_both_databases_give_the_same_answers(tmp_path: Path, postgresql_url: str) -> None:
    """Random words, random changes, random questions."""
    dice = random.Random(7)
    syllables = ["ka", "mü", "ß", "ér", "tö", "lo", "12", "3", "b", "x-", " ", "ø"]
    both = [open_engines(tmp_path / "s.db"), open_engines(postgresql_url)]
    for engines in both:
        prepare(engines)
    search = SearchIndex()
    for _ in range(15):
        batch = [
            (dice.choice(["vehicles", "customers"]), f"row-{dice.randrange(60)}", _words(dice, syllables, 8))
            for _ in range(20)
        ]
        for engines in both:
            with engines.writer.begin() as connection:
                search.update(connection, batch)
        for _ in range(20):
            asked, limit = _words(dice, syllables, 2), dice.choice([3, 50])
            answers = []
            for engines in both:
                with engines.reader.connect() as connection:
                    answers.append(search.find(connection, asked or "", limit=limit))
            assert answers[0] == answers[1], asked
    for engines in both:
        engines.close()


def _words(dice: random.Random, syllables: list[str], most: int) -> str | None:
    if dice.random() < 0.1:
        return None
    return "".join(dice.choice(syllables) for _ in range(dice.randint(1, most * 3)))


def test_clearing_forgets_everything(records: Records) -> None:
    _index(records, ("vehicles", "row-1", "Honda"))
    records.keep(records.search.clear)
    assert _found(records, "honda") == []
    _index(records, ("vehicles", "row-1", "Honda"))
    assert _found(records, "honda") == ["row-1"]


def test_rows_are_found_from_the_moment_they_are_written_until_they_are_hidden(records: Records) -> None:
    rows = [
        Vehicle(plate="B-MW 123", vin="1HGCM82633A004352", make="Honda"),
        Customer(name="Jürgen Müller"),
        RepairOrder(number="RO 1042-B3", complaint="Bremsen quietschen"),
        Note(text="Bremsbeläge bestellt"),
    ]
    records.change("system", lambda session: session.add_all(rows))
    assert _found(records, "brems", tables=["notes"]) == [rows[3].id]
    assert set(_found(records, "brems")) == {rows[2].id, rows[3].id}
    assert _found(records, "ro1042b3") == [rows[2].id]

    def hide(session: object) -> None:
        session.get(Vehicle, rows[0].id).deleted_at = 1  # type: ignore[attr-defined]

    assert _found(records, "honda") == [rows[0].id]
    records.change("system", hide)
    assert _found(records, "honda") == []


def test_a_failed_change_leaves_nothing_to_find(records: Records) -> None:
    def fail(session: object) -> None:
        session.add(Vehicle(plate="HH-X 1"))  # type: ignore[attr-defined]
        session.flush()  # type: ignore[attr-defined]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        records.change("system", fail)
    assert _found(records, "hhx1") == []


def test_words_are_bounded() -> None:
    """A text without blanks is cut, so that no database refuses it; a number that is too long is not joined."""
    assert max(map(len, words_of("x" * 100_000).split())) == 64
    assert len(words_of("1 " * 5000).split()) == 1
    assert typed("a" * 65) == (("a" * 64,), ("a",))
