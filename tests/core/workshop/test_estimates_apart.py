"""Two terminals that decide, change prices and take up advice, and meet now and then: always one estimate."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.workshop.estimates import decide, estimate
from core.workshop.lines import change_line, list_lines
from core.workshop.recommendations import open_recommendations, take_up
from core.workshop.totals import totals
from tests.core.people.desk import Desk, desk_at, meet
from tests.core.workshop.estimate_stage import Stage, staged, visit

TERMINALS, LINES = st.sampled_from([0, 1]), st.sampled_from(["pads", "work", "fee"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), TERMINALS, LINES, st.sampled_from(["approved", "declined", "asked"])),
        st.tuples(st.just("price"), TERMINALS, LINES, st.sampled_from([100, 4_599, 9_800])),
        st.tuples(st.just("late"), TERMINALS, st.just(""), st.integers(-7_200_000, 7_200_000)),
        st.tuples(st.just("take up"), TERMINALS, st.just(""), st.just(0)),
        st.tuples(st.just("meet"), st.just(0), st.just(""), st.just(0)),
    ),
    max_size=12,
)


def step(desks: tuple[Desk, Desk], stage: Stage, later: str, what: tuple[str, int, str, str | int]) -> None:
    kind, terminal, line, value = what
    desk = desks[terminal]
    if kind == "meet":
        meet(*desks)
    elif kind == "say":
        desk.do(decide, stage.order, [(getattr(stage, line), str(value))], {})
    elif kind == "price":
        desk.do(change_line, getattr(stage, line), {"unit_price": value})
    elif kind == "late":
        desk.clock.now += int(value)
    else:
        for advice in desk.see(open_recommendations, stage.vehicle):
            desk.do(take_up, advice.id, later)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_they_come_to_one_estimate_and_its_advice_fits_it(steps: list[tuple[str, int, str, str | int]]) -> None:
    desks = (desk_at(seed=1), desk_at(seed=2))
    try:
        stage = staged(desks[0])
        later = visit(desks[0], stage.vehicle)
        meet(*desks)
        for each in steps:
            step(desks, stage, later, each)
        meet(*desks)
        here, there = (desk.see(estimate, stage.order) for desk in desks)
        assert here == there
        whole = (here.approved, here.declined, here.waiting)
        assert sum(each.net for each in whole) == here.everything.net == totals(each.line for each in here.lines).net
        open_ = {each.line_id for each in desks[0].see(open_recommendations, stage.vehicle)}
        assert open_ == {each.line_id for each in desks[1].see(open_recommendations, stage.vehicle)}
        taken = {each.recommendation_id for each in desks[0].see(list_lines, later)}
        declined = {each.line.id for each in here.lines if each.state == "declined" and each.line.kind != "fee"}
        assert open_ <= declined, "advice is open only of what stands declined"
        assert len(declined - open_) <= len(taken), "what stands declined and is not open was taken up, once"
        assert len(taken) == len(desks[0].see(list_lines, later))
    finally:
        for desk in desks:
            desk.records.close()
