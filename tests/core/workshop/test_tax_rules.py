"""Which tax a line bears."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.roles import Denied, Role
from core.workshop.estimate_models import TaxRule
from core.workshop.tax_rules import (
    TaxRuleView,
    change_tax_rule,
    create_tax_rule,
    delete_tax_rule,
    list_tax_rules,
    name_of_rate,
    rate_for,
    rate_today,
    restore_tax_rule,
)
from tests.core.people.desk import STARTED, Desk, meet


def rule(rate: int | None, kinds: str | None = None, since: str | None = None, *, active: bool = True) -> TaxRuleView:
    return TaxRuleView(f"{rate}", "x", rate, kinds, since, active, None, None, None)


def test_the_rule_that_names_the_kind_goes_before_the_one_for_all() -> None:
    rules = [rule(1900), rule(700, "fee, sublet")]
    assert [rate_for(rules, kind, "2026-11-22") for kind in ("part", "fee", "sublet")] == [1900, 700, 700]


def test_a_new_rate_works_from_its_day_on() -> None:
    rules = [rule(1900, since="2021-01-01"), rule(1600, since="2020-07-01"), rule(1901)]
    days = ("2020-06-30", "2020-07-01", "2020-12-31", "2021-01-01")
    assert [rate_for(rules, "part", day) for day in days] == [1901, 1600, 1600, 1900]


def test_a_rate_is_called_as_the_rule_that_was_in_force_calls_it() -> None:
    def named(name: str | None, since: str | None, *, active: bool = True) -> TaxRuleView:
        return TaxRuleView(f"{name}", name, 825, None, since, active, None, None, None)

    rules = [named("Sales tax", "2020-01-01"), named("City tax", "2026-01-01"), named(None, "2026-02-01")]
    days = ("2019-12-31", "2025-12-31", "2026-11-22")
    assert [name_of_rate(rules, 825, day) for day in days] == ["", "Sales tax", "City tax"]
    assert name_of_rate(rules, 900, "2026-11-22") == "", "a rate of no rule has no name"
    over = [named("Old tax", "2026-01-01", active=False), named("Sales tax", None)]
    assert name_of_rate(over, 825, "2026-11-22") == "Sales tax"
    assert name_of_rate(over[:1], 825, "2026-11-22") == "Old tax", "papers outlive the rule"


def test_a_rule_for_a_kind_that_has_not_begun_leaves_the_one_for_all() -> None:
    assert rate_for([rule(1900), rule(0, "fee", "2030-01-01")], "fee", "2026-01-01") == 1900


def test_no_rule_says_nothing() -> None:
    assert rate_for([], "part", "2026-11-22") is None
    assert rate_for([rule(None), rule(700, "fee"), rule(1900, active=False)], "part", "2026-11-22") is None


@given(st.permutations([rule(1900), rule(700, "fee"), rule(1600, None, "2020-07-01"), rule(500, "fee", "2020-07-01")]))
def test_rules_say_the_same_in_any_order(rules: list[TaxRuleView]) -> None:
    assert (rate_for(rules, "part", "2026-01-01"), rate_for(rules, "fee", "2026-01-01")) == (1600, 500)


def at_desk(desk: Desk, kind: str) -> int | None:
    """The rate by the clock of the terminal that writes."""
    return desk.do(lambda session, _actor: rate_today(session, kind))


def test_rules_are_kept_and_asked_by_the_workshops_calendar(desk: Desk) -> None:
    here = dt.datetime.fromtimestamp(STARTED / 1000).date()
    tomorrow = (here + dt.timedelta(days=1)).isoformat()
    made = desk.do(
        create_tax_rule, {"name": "Full", "rate": 1_900, "kinds": " part,labour , part", "since": "2021-01-01"}
    )
    assert (made.kinds, made.active) == ("part,labour", True)
    desk.do(create_tax_rule, {"name": "Next", "rate": 2_000, "kinds": "part", "since": tomorrow})
    assert (at_desk(desk, "part"), at_desk(desk, "fee")) == (1_900, None)
    desk.clock.now = STARTED + 2 * 86_400_000
    assert at_desk(desk, "part") == 2_000
    assert desk.do(change_tax_rule, made.id, {"kinds": None}).kinds is None
    desk.do(delete_tax_rule, made.id)
    assert [each.name for each in desk.see(list_tax_rules)] == ["Next"]
    desk.do(restore_tax_rule, made.id)
    assert len(desk.see(list_tax_rules)) == 2


def test_what_cannot_be_is_refused(desk: Desk) -> None:
    wrong = {"rate": 10_001, "kinds": "part,bribe", "since": "soon", "active": "x", "percent": 19}
    assert set(desk.problems(create_tax_rule, wrong)) == {*wrong, "name"}
    with pytest.raises(Denied):
        desk.as_(Role.ADVISER).do(create_tax_rule, {"name": "x", "rate": 0})


def test_a_rule_with_nothing_in_it_breaks_nothing(two_desks: tuple[Desk, Desk]) -> None:
    here, there = two_desks
    there.records.change("system", lambda session: session.add(TaxRule()))
    here.do(create_tax_rule, {"name": "Full", "rate": 1_900})
    meet(here, there)
    assert [at_desk(desk, "part") for desk in two_desks] == [1_900, 1_900]
