"""Any two terminals come to the same records, whatever was written where, and nothing is lost on the way."""

import threading

import pytest

from core.records import journal
from core.records.writer import WriterThread
from core.sync.exchange import Exchange
from core.sync.messages import KINDS, BadMessageError, RefusedError, TransportError
from core.workshop.models import Note
from tests.core.sync.two import Bench, Wire, alike, cut


def test_what_one_wrote_the_other_has_after_a_round_in_either_direction(one: Bench, two: Bench) -> None:
    first = one.add_vehicle("B-MW 1")
    second = two.add_vehicle("HH-AB 2")
    result = one.meet(two)
    assert (result.pulled, result.pushed, result.in_step) == (1, 1, True)
    assert one.vehicle(second).plate == "HH-AB 2"
    assert two.vehicle(first).plate == "B-MW 1"
    assert alike(one, two)


def test_a_second_round_moves_nothing(one: Bench, two: Bench) -> None:
    one.add_vehicle()
    one.meet(two)
    result = two.meet(one)
    assert (result.pulled, result.pushed, result.in_step) == (0, 0, True)


def test_more_than_a_page_goes_in_pages_that_each_take_effect(one: Bench, two: Bench) -> None:
    for number in range(30):
        one.add_vehicle(f"B-{number}")
    wire = Wire(two.exchange, "one", after=cut(4))
    with pytest.raises(TransportError):
        one.exchange.round(wire)
    (_, vector), *_ = two.records.vector().items()
    assert 0 < vector["shop"] < 30
    assert one.meet(two).pushed == 30 - vector["shop"]
    assert alike(one, two)


@pytest.mark.parametrize("at", range(1, 7))
def test_a_cable_pulled_at_any_message_costs_nothing_but_another_round(one: Bench, two: Bench, at: int) -> None:
    for number in range(9):
        one.add_vehicle(f"B-{number}")
        two.add_vehicle(f"HH-{number}")
    with pytest.raises(TransportError):
        one.exchange.round(Wire(two.exchange, "one", after=cut(at)))
    one.meet(two)
    assert alike(one, two)


def test_edits_to_different_fields_are_both_kept_and_nobody_is_bothered(one: Bench, two: Bench) -> None:
    id_ = one.add_vehicle(color="red")
    one.meet(two)
    one.edit(id_, color="blue")
    two.edit(id_, plate="B-MW 2")
    one.meet(two)
    for each in (one, two):
        assert (each.vehicle(id_).color, each.vehicle(id_).plate) == ("blue", "B-MW 2")
        with each.records.read() as session:
            assert journal.replaced(each.records, session) == ()


def test_the_later_of_two_edits_to_one_field_is_shown_and_the_other_can_be_had_back(one: Bench, two: Bench) -> None:
    id_ = one.add_vehicle(color="red")
    one.meet(two)
    one.edit(id_, color="blue")
    two.clock.now = one.clock.now + 60_000
    two.edit(id_, color="green")
    one.meet(two)
    assert one.vehicle(id_).color == two.vehicle(id_).color == "green"
    for each in (one, two):
        with each.records.read() as session:
            (found,) = journal.replaced(each.records, session)
        assert (found.lost_value, found.lost_actor, found.won_value, found.won_actor) == (
            "blue", "staff:one", "green", "staff:two",
        )  # fmt: skip
    journal.restore(one.records, "staff:one", found.id)
    one.meet(two)
    assert two.vehicle(id_).color == "blue"
    for each in (one, two):
        with each.records.read() as session:
            assert journal.replaced(each.records, session) == ()
            assert [entry.settled for entry in journal.replaced(each.records, session, settled=True)] == [True]


def test_an_edit_by_somebody_who_saw_the_other_one_is_no_conflict_whatever_the_clocks_say(
    one: Bench, two: Bench
) -> None:
    id_ = one.add_vehicle(color="red")
    one.edit(id_, color="blue")
    one.meet(two)
    two.clock.now = 1_230_000_000_000  # 2009
    two.edit(id_, color="green")
    one.meet(two)
    assert one.vehicle(id_).color == "green"
    with one.records.read() as session:
        assert journal.replaced(one.records, session) == ()


def test_a_status_set_in_two_ways_is_shown_by_rank_and_waits_for_a_person(one: Bench, two: Bench) -> None:
    id_ = one.add_order(status="in_progress")
    one.meet(two)
    one.move(id_, "quality_check")
    two.move(id_, "awaiting_parts")
    one.meet(two)
    assert one.order(id_).status == two.order(id_).status
    with two.records.read() as session:
        (conflict,) = journal.conflicts(two.records, session)
    assert {choice.value for choice in conflict.choices} == {"quality_check", "awaiting_parts"}
    journal.choose(two.records, "staff:two", conflict, conflict.shown)  # also what is shown already ends it
    one.meet(two)
    for each in (one, two):
        with each.records.read() as session:
            assert journal.conflicts(each.records, session) == ()
    assert alike(one, two)


def test_a_third_terminal_gets_everything_from_whom_it_meets_causes_before_effects(
    one: Bench, two: Bench, three: Bench
) -> None:
    id_ = one.add_order(status="booked")
    one.meet(two)
    two.move(id_, "arrived")
    one.meet(two)
    one.move(id_, "diagnosing")
    one.meet(two)
    two.meet(three)  # never met the first one
    assert three.order(id_).status == "diagnosing"
    with three.records.read() as session:
        assert journal.conflicts(three.records, session) == ()
    assert alike(one, two, three)


def test_a_page_that_comes_before_its_forerunner_is_not_taken(one: Bench, two: Bench, three: Bench) -> None:
    id_ = one.add_order(status="booked")
    one.meet(two)
    two.move(id_, "arrived")
    two.meet(one)
    theirs = {site: {"shop": (seq["shop"], b"\x01" * 32)} for site, seq in one.records.vector().items()}
    page = two.records.page({one.records.site: {"shop": 1}})
    message = {"transactions": [each.as_wire() for each in page.transactions], "since": theirs}
    answer = three.exchange.answer("push", message, "two")
    assert answer["applied"] == 0
    assert not answer["stands"]
    assert three.records.vector() == {}


def test_a_message_answered_twice_or_late_changes_nothing(one: Bench, two: Bench) -> None:
    sent = []

    class Recorder(Wire):
        def request(self, kind: str, message: dict[str, object]) -> dict[str, object]:
            sent.append((kind, message))
            return super().request(kind, message)

    id_ = one.add_vehicle(color="red")
    one.exchange.round(Recorder(two.exchange, "one"))
    two.edit(id_, color="green")
    before = two.records.digests()
    for kind, message in sent * 2:
        two.exchange.answer(kind, message, "one")
    assert two.records.digests() == before
    assert two.vehicle(id_).color == "green"


def test_a_transaction_is_seen_whole_or_not_at_all(one: Bench, two: Bench) -> None:
    def work(session: object) -> None:
        for number in range(20):
            session.add(Note(text=f"part {number}", order_id="o"))  # type: ignore[attr-defined]

    one.change(work)
    heard: list[int] = []
    two.records.subscribe(lambda changes: heard.append(len(changes.rows["notes"])))
    one.meet(two)
    assert heard == [20]


def test_the_clock_of_the_other_is_measured_and_never_a_reason_to_refuse(one: Bench, two: Bench) -> None:
    two.clock.now = one.clock.now - 10 * 365 * 24 * 3600 * 1000
    one.add_vehicle()
    result = one.meet(two)
    assert result.clock_difference_ms == two.clock.now - one.clock.now
    assert result.in_step


def test_another_workshop_is_refused_in_words(one: Bench, two: Bench) -> None:
    stranger = Exchange(two.records, device="stranger", workshop="another")
    with pytest.raises(RefusedError, match="another workshop"):
        one.exchange.round(Wire(stranger, "one"))


@pytest.mark.parametrize("kind", [*KINDS, "nonsense"])
@pytest.mark.parametrize(
    "message",
    [
        {},
        {"protocol": "1"},
        {"protocol": 1, "workshop": "", "tips": [], "time": 0},
        {"protocol": 1, "workshop": "", "tips": {"a": {"shop": [1, b"short"]}}, "time": 0},
        {"tips": {1: {}}, "most": 5},
        {"tips": {}, "most": -1},
        {"transactions": [[1, 2, 3]], "since": {}},
        {"transactions": "all", "since": {}},
        {"site": "x" * 100, "scope": "shop", "seqs": [], "content": 0},
        {"table": "no such table", "after": ""},
        {"table": 'vehicles" --', "after": ""},
    ],
)
def test_what_is_no_message_is_refused_and_changes_nothing(two: Bench, kind: str, message: dict[str, object]) -> None:
    two.add_vehicle()
    before = two.records.digests()
    if kind != "digest":  # asks for nothing, so nothing can be wrong with it
        with pytest.raises(ValueError, match=r".") as refused:
            two.exchange.answer(kind, message, "one")
        assert isinstance(refused.value, (BadMessageError, ValueError))
    assert two.records.digests() == before


def test_with_many_at_once_most_wait_and_then_need_nothing_any_more(two: Bench) -> None:
    for number in range(40):
        two.add_vehicle(f"B-{number}")
    late = Bench("late", place="sqlite://")
    seen = threading.Barrier(6)
    pulls: list[str] = []

    class Slow(Wire):
        def request(self, kind: str, message: dict[str, object]) -> dict[str, object]:
            if kind == "hello" and "hello" not in self.log:
                seen.wait(10)  # all of them know that something is lacking
            if kind == "pull":
                pulls.append(threading.current_thread().name)
            with lock:
                return super().request(kind, message)

    lock, results = threading.Lock(), []
    threads = [
        threading.Thread(target=lambda: results.append(late.exchange.round(Slow(two.exchange, "late"))))
        for _ in range(6)
    ]
    with pytest.MonkeyPatch.context() as patch:
        runner = WriterThread("memory")
        patch.setattr(late.records, "_runner", runner)
        for each in threads:
            each.start()
        for each in threads:
            each.join(30)
        runner.stop()
    assert [each.in_step for each in results] == [True] * 6
    assert alike(late, two)
    assert len(set(pulls)) <= 3
    late.close()
