"""Lines approved and declined one by one, and what the last word is when two terminals wrote one down."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.roles import Denied, Role
from core.records.input import NotFound
from core.records.journal import conflicts, replaced
from core.workshop.decisions import DecisionView, last_words, list_decisions
from core.workshop.estimate_models import LineDecision
from core.workshop.estimates import STATES, decide, decide_all, estimate, estimates
from core.workshop.lines import change_line, create_line, delete_line
from core.workshop.orders import create_repair_order
from core.workshop.recommendations import open_recommendations
from core.workshop.totals import Totals
from tests.core.people.desk import NOBODY, Desk, meet
from tests.core.workshop.estimate_stage import Stage, staged

PHONE = {"said_by": "Ada Okafor", "way": "phone"}


@pytest.fixture
def stage(desk: Desk) -> Stage:
    return staged(desk)


def states(desk: Desk, order: str) -> list[str]:
    return [each.state for each in desk.see(estimate, order).lines]


def test_two_of_three_lines_are_approved(desk: Desk, stage: Stage) -> None:
    assert states(desk, stage.order) == ["open", "open", "open"]
    said = [(stage.pads, "approved"), (stage.work, "approved"), (stage.fee, "declined")]
    found = desk.do(decide, stage.order, said, {**PHONE, "remark": "no fee, please"})
    assert desk.see(estimate, stage.order) == found
    assert [each.state for each in found.lines] == ["approved", "approved", "declined"]
    last = found.lines[0].decision
    assert last is not None
    assert (last.said_by, last.way, last.remark) == ("Ada Okafor", "phone", "no fee, please")
    assert (last.quantity, last.unit_price) == (2_000, 4_599)
    assert (last.recorded_by, last.recorded_by_name) == (desk.actor.reference, desk.actor.name)
    assert (found.everything.net, found.approved.net, found.declined.net) == (24_148, 23_898, 250)
    assert (found.approved.gross, found.waiting) == (28_439, Totals())
    assert found.wanted == found.approved, "all is decided"
    assert found.counts == {"open": 0, "asked": 0, "approved": 2, "declined": 1, "changed": 0}


def test_what_became_dearer_after_the_yes_is_seen(desk: Desk, stage: Stage) -> None:
    desk.do(decide_all, stage.order, "approved", PHONE)
    desk.do(change_line, stage.pads, {"unit_price": 6_000})
    desk.do(change_line, stage.work, {"quantity": 2_000})
    found = desk.see(estimate, stage.order)
    assert [each.state for each in found.lines] == ["changed", "changed", "approved"]
    assert (found.approved.net, found.waiting.net) == (250, 31_600)
    assert [each.state for each in desk.do(decide_all, stage.order, "approved", PHONE).lines] == ["approved"] * 3


@pytest.mark.parametrize("changed", [{"description": "Engine rebuilt"}, {"tax_rate": 0}, {"tax_rate": None}])
def test_a_yes_is_to_the_words_and_the_tax_of_a_line_too(desk: Desk, stage: Stage, changed: dict[str, object]) -> None:
    desk.do(decide_all, stage.order, "approved", PHONE)
    before = {name: getattr(desk.see(estimate, stage.order).lines[0].line, name) for name in changed}
    desk.do(change_line, stage.pads, changed)
    assert states(desk, stage.order) == ["changed", "approved", "approved"]
    desk.do(change_line, stage.pads, before)
    assert states(desk, stage.order) == ["approved"] * 3, "as it was agreed to"


def test_a_yes_of_an_older_program_is_to_quantity_and_price(desk: Desk, stage: Stage) -> None:
    said = {"order_id": stage.order, "line_id": stage.pads, "decision": "approved", "decided_at": 1}
    desk.records.change("system", lambda session: session.add(LineDecision(**said, quantity=2_000, unit_price=4_599)))
    desk.do(change_line, stage.pads, {"description": "Brake pads", "tax_rate": 700})
    assert states(desk, stage.order)[0] == "approved"


def test_all_at_once_leaves_what_was_declined(desk: Desk, stage: Stage) -> None:
    desk.do(decide, stage.order, [(stage.fee, "declined")], PHONE)
    assert [each.state for each in desk.do(decide_all, stage.order, "asked", {}).lines] == [
        "asked",
        "asked",
        "declined",
    ]
    found = desk.do(decide_all, stage.order, "approved", {"way": "signature"})
    assert [each.state for each in found.lines] == ["approved", "approved", "declined"]
    late = {"order_id": stage.order, "kind": "fee", "description": "Wash", "unit_price": 500}
    desk.do(create_line, late)
    assert states(desk, stage.order)[-1] == "open", "nobody approved what was added later"
    assert desk.see(estimate, stage.order).wanted.net == 23_898 + 500, "what may be yet counts, what was declined not"
    assert set(desk.problems(decide_all, desk.do(create_repair_order, {"complaint": "x"}).id, "approved", {})) == {
        "decisions"
    }


def test_a_mind_is_changed_and_all_that_was_said_stays(desk: Desk, stage: Stage) -> None:
    for decision in ("asked", "declined", "approved", "approved"):
        desk.do(decide, stage.order, [(stage.work, decision)], PHONE)
    assert states(desk, stage.order) == ["open", "approved", "open"]
    kept = desk.see(list_decisions, stage.order, line_id=stage.work, limit=2)
    assert [each.decision for each in kept.items] == ["approved", "declined"], "a second tap says nothing new"
    rest = desk.see(list_decisions, stage.order, line_id=stage.work, limit=2, after=kept.after)
    assert [each.decision for each in rest.items] == ["asked"]
    moments = [each.decided_at or 0 for each in (*kept.items, *rest.items)]
    assert moments == sorted(moments, reverse=True)


def test_everything_wrong_is_said_and_nothing_kept(desk: Desk, stage: Stage) -> None:
    other = staged(desk, "B-2")
    wrong = {"way": "pigeon", "said_by": "x" * 121, "due_on": "soon", "due_odometer": -1, "price": 3}
    problems = desk.problems(decide, stage.order, [(other.pads, "approved"), (stage.pads, "perhaps")], wrong)
    assert set(problems) == {*wrong, "decisions"}
    assert set(desk.problems(decide, stage.order, [], {})) == {"decisions"}
    desk.do(delete_line, stage.pads)
    assert set(desk.problems(decide, stage.order, [(stage.pads, "approved")], {})) == {"decisions"}
    with pytest.raises(NotFound):
        desk.do(decide, NOBODY, [(stage.work, "approved")], {})
    for work in (lambda: decide, lambda: decide_all):
        with pytest.raises(Denied):
            desk.as_(Role.TECHNICIAN).do(work(), stage.order, "approved", {})  # type: ignore[arg-type]
    assert states(desk, stage.order) == ["open", "open"]


def test_an_estimate_is_three_statements_and_many_are_two(desk: Desk, stage: Stage) -> None:
    orders = [stage.order, *(staged(desk, f"C-{n}").order for n in range(6))]
    for order in orders:
        desk.do(decide_all, order, "approved", PHONE)
    assert len(desk.statements(estimate, stage.order)) == 3
    assert len(desk.statements(estimates, orders)) == 2
    assert desk.see(estimates, orders)[stage.order] == desk.see(estimate, stage.order)
    assert desk.see(estimates, []) == {}


def test_decisions_made_apart_come_together(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    stage = staged(here)
    meet(here, there)
    here.do(decide, stage.order, [(stage.pads, "approved")], PHONE)
    there.do(decide, stage.order, [(stage.work, "declined")], {"way": "message"})
    meet(here, there)
    assert states(here, stage.order) == states(there, stage.order) == ["approved", "declined", "open"]


def test_of_two_words_on_one_line_the_later_counts_on_both(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    stage = staged(here)
    meet(here, there)
    there.clock.now = here.clock.now + 3_600_000
    here.do(decide, stage.order, [(stage.pads, "approved"), (stage.work, "declined")], PHONE)
    there.do(decide, stage.order, [(stage.pads, "declined"), (stage.work, "approved")], PHONE)
    meet(here, there)
    for desk in two_desks:
        assert states(desk, stage.order) == ["declined", "approved", "open"]
        assert [each.line_id for each in desk.see(open_recommendations, stage.vehicle)] == [stage.pads]
        assert len(desk.see(list_decisions, stage.order).items) == 4, "both words are kept"


def test_a_line_both_declined_is_advised_once(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    stage = staged(here)
    meet(here, there)
    there.clock.now = here.clock.now + 60_000
    here.do(decide, stage.order, [(stage.pads, "declined")], {**PHONE, "due_odometer": 90_000})
    there.do(decide, stage.order, [(stage.pads, "declined")], PHONE)
    meet(here, there)
    for desk in two_desks:
        (found,) = desk.see(open_recommendations, stage.vehicle)
        assert (found.line_id, found.due_odometer) == (stage.pads, 90_000)
        with desk.records.read() as session:
            assert conflicts(desk.records, session) == ()
            assert [each.field for each in replaced(desk.records, session)] == [], "nobody is told of a clash"


def test_a_clock_that_is_behind_still_has_the_last_word(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    stage = staged(here)
    here.do(decide, stage.order, [(stage.pads, "approved")], PHONE)
    meet(here, there)
    there.clock.now = 1_230_768_000_000
    there.do(decide, stage.order, [(stage.pads, "declined")], PHONE)
    meet(here, there)
    assert states(here, stage.order)[0] == states(there, stage.order)[0] == "declined"


def test_rows_with_nothing_in_them_break_nothing(desk: Desk, stage: Stage) -> None:
    def add(session: object) -> None:
        session.add_all([LineDecision(), LineDecision(order_id=stage.order),  # type: ignore[attr-defined]
                         LineDecision(order_id=stage.order, line_id=stage.fee),
                         LineDecision(order_id=stage.order, line_id=stage.pads, decision="maybe later")])  # fmt: skip

    desk.records.change("system", add)
    assert states(desk, stage.order) == ["open", "open", "open"]


WORDS = st.lists(
    st.builds(
        DecisionView,
        id=st.uuids().map(str),
        order_id=st.none(),
        line_id=st.none() | st.sampled_from(["1", "2"]),
        decision=st.sampled_from(sorted(STATES)),
        said_by=st.none(),
        way=st.none(),
        remark=st.none(),
        quantity=st.none(),
        unit_price=st.none(),
        recorded_by=st.none(),
        recorded_by_name=st.none(),
        decided_at=st.none() | st.integers(0, 3),
    ),
    max_size=8,
    unique_by=lambda each: each.id,
)


@given(WORDS, st.integers(0, 2**32))
def test_the_last_word_does_not_depend_on_how_the_words_came(said: list[DecisionView], seed: int) -> None:
    shuffled = list(said)
    random.Random(seed).shuffle(shuffled)
    found = last_words(shuffled)
    assert found == last_words(said)
    for line, last in found.items():
        assert all((each.decided_at or 0, each.id) <= (last.decided_at or 0, last.id) for each in said
                   if each.line_id == line)  # fmt: skip
