"""Two writes to one field: which is shown, which is reported, and that the order of arrival does not matter."""

import itertools
import random
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

import core.models  # noqa: F401 - every synced table
from core.records.merging import base_of, merge
from core.records.rowstate import RowState, decode_stamps, row_hash
from core.records.schema import Value, read_schema

VEHICLES = read_schema().tables["vehicles"]
ORDERS = read_schema().tables["repair_orders"]


def stamp(time: int, tie: int = 0) -> str:
    return f"{time:016x}{tie:016x}"


def test_a_field_nobody_wrote_takes_the_value() -> None:
    state = RowState()
    outcome = merge(VEHICLES, state, stamp(1), {"color": "red"}, {})
    assert (state.values, state.stamps) == ({"color": "red"}, {"color": stamp(1)})
    assert outcome.changed == {"color"}
    assert outcome.losers == []


def test_a_later_write_that_saw_the_earlier_one_replaces_it_in_silence() -> None:
    state = RowState({"color": "red"}, {"color": stamp(1)})
    outcome = merge(VEHICLES, state, stamp(2), {"color": "blue"}, {"color": stamp(1)})
    assert state.values == {"color": "blue"}
    assert outcome.losers == []


def test_a_later_write_that_did_not_see_the_earlier_one_replaces_it_and_says_so() -> None:
    state = RowState({"color": "green"}, {"color": stamp(2)})
    outcome = merge(VEHICLES, state, stamp(3), {"color": "blue"}, {"color": stamp(1)})
    assert state.values == {"color": "blue"}
    (loser,) = outcome.losers
    assert (loser.lost_value, loser.won_value) == ("green", "blue")


def test_an_earlier_write_that_comes_later_is_not_shown_but_kept() -> None:
    state = RowState({"color": "green"}, {"color": stamp(3)})
    outcome = merge(VEHICLES, state, stamp(2), {"color": "blue"}, {"color": stamp(1)})
    assert state.values == {"color": "green"}
    assert not outcome.changed
    (loser,) = outcome.losers
    assert (loser.lost_value, loser.lost_stamp) == ("blue", stamp(2))


def test_two_who_wrote_the_same_have_no_conflict() -> None:
    state = RowState({"color": "blue"}, {"color": stamp(2)})
    assert merge(VEHICLES, state, stamp(3), {"color": "blue"}, {"color": stamp(1)}).losers == []


def test_the_same_change_a_second_time_does_nothing() -> None:
    state = RowState()
    merge(VEHICLES, state, stamp(1), {"color": "red", "status": "active"}, {})
    outcome = merge(VEHICLES, state, stamp(1), {"color": "red", "status": "active"}, {})
    assert not outcome.written


def test_of_concurrent_statuses_the_one_of_higher_rank_is_shown_and_both_are_kept() -> None:
    ranks = ORDERS.fields["status"].rule.ranks
    low, high = sorted(("in_progress", "ready"), key=lambda each: ranks[each])
    for first, second in ((low, high), (high, low)):
        state = RowState({"status": "booked"}, {"status": stamp(1)})
        merge(ORDERS, state, stamp(2), {"status": first}, {"status": stamp(1)})
        merge(ORDERS, state, stamp(3), {"status": second}, {"status": stamp(1)})
        assert state.values["status"] == high
        assert [value for _, value in state.heads["status"]] == [first, second]


def test_a_status_set_by_somebody_who_saw_all_of_them_ends_the_dispute() -> None:
    state = RowState({"status": "booked"}, {"status": stamp(1)})
    merge(ORDERS, state, stamp(2), {"status": "ready"}, {"status": stamp(1)})
    merge(ORDERS, state, stamp(3), {"status": "in_progress"}, {"status": stamp(1)})
    base = base_of(ORDERS, state, ["status"])
    merge(ORDERS, state, stamp(4), {"status": "in_progress"}, base)
    assert state.heads == {}
    assert state.values["status"] == "in_progress"


def test_a_status_no_rank_knows_is_the_lowest() -> None:
    state = RowState({"status": "booked"}, {"status": stamp(1)})
    merge(ORDERS, state, stamp(2), {"status": "ready"}, {"status": stamp(1)})
    merge(ORDERS, state, stamp(3), {"status": "from a newer program"}, {"status": stamp(1)})
    assert state.values["status"] == "ready"


# Order of arrival


@dataclass
class Write:
    """A write of one replica, with what it had seen."""

    stamp: str
    fields: dict[str, Value]
    base: dict[str, str | list[str]]
    after: set[int] = field(default_factory=set)  # writes that must have arrived before


def history(seed: int, count: int) -> list[Write]:
    """Writes of three replicas that sometimes catch up with each other."""
    rng = random.Random(seed)
    seen: list[list[int]] = [[], [], []]
    writes: list[Write] = []
    for number in range(count):
        who = rng.randrange(3)
        if rng.random() < 0.4:
            other = rng.randrange(3)
            seen[who] += [each for each in seen[other] if each not in seen[who]]
        state = replay(writes, seen[who])
        names = rng.sample(["status", "complaint", "bay"], rng.randint(1, 2))
        fields: dict[str, Value] = {
            name: rng.choice(["booked", "ready", "in_progress"]) if name == "status" else f"{who}:{number}"
            for name in names
        }
        writes.append(Write(stamp(number + 1, who), fields, base_of(ORDERS, state, names), set(seen[who])))
        seen[who].append(number)
    return writes


def replay(writes: list[Write], order: list[int]) -> RowState:
    state = RowState()
    for index in order:
        merge(ORDERS, state, writes[index].stamp, writes[index].fields, writes[index].base)
    return state


def causal_order(writes: list[Write], rng: random.Random) -> list[int]:
    left = set(range(len(writes)))
    done: list[int] = []
    while left:
        free = sorted(each for each in left if writes[each].after <= set(done))
        done.append(rng.choice(free))
        left.discard(done[-1])
    return done


@given(st.integers(0, 2**32), st.integers(1, 14))
def test_every_order_that_puts_causes_before_effects_gives_the_same_row(seed: int, count: int) -> None:
    writes = history(seed, count)
    rng = random.Random(seed + 1)
    expected = replay(writes, list(range(count)))
    for _ in range(4):
        found = replay(writes, causal_order(writes, rng))
        assert (found.values, found.stamps, found.heads) == (expected.values, expected.stamps, expected.heads)


@given(st.integers(0, 2**32), st.integers(2, 14))
def test_every_write_that_nobody_replaced_knowingly_is_shown_or_reported(seed: int, count: int) -> None:
    writes = history(seed, count)
    state, reported = RowState(), set()
    for each in writes:
        for loser in merge(ORDERS, state, each.stamp, each.fields, each.base).losers:
            reported.add((loser.field, loser.lost_stamp))
    for each in writes:
        for name, value in each.fields.items():
            shown = (state.stamps[name], state.values[name]) == (each.stamp, value)
            head = (each.stamp, value) in state.heads_of(name)
            replaced = any(
                each.stamp in ([base] if isinstance(base, str) else base)
                for other in writes
                if (base := other.base.get(name)) is not None
            )
            alike = state.values[name] == value
            same = any(other is not each and other.fields.get(name) == value for other in writes)
            assert shown or head or replaced or alike or same or (name, each.stamp) in reported


# How a row is kept


@given(st.integers(0, 2**32), st.integers(1, 10))
def test_stamps_read_back_as_they_were_written(seed: int, count: int) -> None:
    state = replay(writes := history(seed, count), list(range(len(writes))))
    stamps, heads = decode_stamps(state.encoded())
    assert (stamps, heads) == (state.stamps, state.heads)


@pytest.mark.parametrize(
    "change",
    [
        {"values": {"color": "blue", "year": 2010}},
        {"values": {"color": "red", "year": 2011}},
        {"stamps": {"color": stamp(2), "year": stamp(1)}},
        {"heads": {"color": [(stamp(1), "red"), (stamp(2), "blue")]}},
    ],
)
def test_the_hash_of_a_row_tells_every_difference(change: dict[str, dict[str, Value]]) -> None:
    kept = {"values": {"color": "red", "year": 2010}, "stamps": {"color": stamp(1), "year": stamp(1)}, "heads": {}}
    first = row_hash("vehicles", "a", RowState(**kept))  # type: ignore[arg-type]
    assert first != row_hash("vehicles", "a", RowState(**{**kept, **change}))  # type: ignore[arg-type]
    assert first != row_hash("vehicles", "b", RowState(**kept))  # type: ignore[arg-type]
    assert first != row_hash("customers", "a", RowState(**kept))  # type: ignore[arg-type]


def test_the_hash_does_not_tell_the_order_or_how_a_database_says_yes() -> None:
    values: dict[str, Value] = {"color": "red", "plate": "B", "year": 2010}
    orders = itertools.permutations(values.items())
    hashes = {row_hash("vehicles", "a", RowState(dict(each), {name: stamp(1) for name, _ in each})) for each in orders}
    assert len(hashes) == 1
    yes = [row_hash("t", "a", RowState({"done": value}, {"done": stamp(1)})) for value in (True, 1)]
    assert yes[0] == yes[1]
