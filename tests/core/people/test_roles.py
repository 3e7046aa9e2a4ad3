"""Who may do what: every role and every action, and what depends on the thing."""

from types import SimpleNamespace

import pytest

from core.people.customers import CustomerView
from core.people.models import AccessToken, Customer, Staff
from core.people.roles import ACTIONS, SYSTEM, TABLES, WORDS, Actor, Denied, Role, may, require, roles_that_may
from core.records.schema import read_schema
from tests.core.people.desk import somebody

# One row an action: O owner, M manager, A adviser, T technician, P parts, V viewer, C customer, D device. A capital
# letter may; "own" after it says who may with their own things only.
ROWS = """
vehicles.read        OMATPV  C
vehicles.change      OMAT
vehicles.delete      OMA
customers.read       OMATPV  C
customers.change     OMA
customers.delete     OMA
repair_orders.read   OMATPV  C
repair_orders.change OMATP
repair_orders.delete OMA
parts.read           OMATPV
parts.change         OMAP
purchases.change     OMAP
stock.move           OMATP
inspections.change   OMATP
estimates.decide     OMA
invoices.read        OMA
invoices.issue       OMA
invoices.void        OM
payments.record      OMA
schedule.read        OMATPV
schedule.change      OMA
planning.change      OM
figures.read         OMA     OMATPV
figures.parts        OMAP
records.import       OM
records.export       OM
clock.punch          OMATP
clock.correct        OM
staff.read           OMATP
staff.change         OM
staff.pin            -       OMATPV
terminals.read       OMATPV
terminals.pair       OM
terminals.remove     OM
tokens.read          OM
tokens.issue         OM
tokens.revoke        OM
changes.read         OMATP
changes.restore      OMATP
backups.make         OM
workshop.change      OM
"""
# Facts that no old value of can come back: suffixes of numbers, and what was issued.
UNTOUCHED = {"number_series", "invoices", "invoice_numbers", "invoice_voids", "payments"}
LETTERS = {role.value[0].upper(): role for role in Role}
TABLE = {
    action: ({LETTERS[each] for each in anyhow if each != "-"}, {LETTERS[each] for each in "".join(own)})
    for action, anyhow, *own in (row.split() for row in ROWS.strip().splitlines())
}


def own_thing(actor: Actor) -> object:
    if actor.kind == "customer":
        return SimpleNamespace(id="a row", customer_id=actor.id)
    return SimpleNamespace(id=actor.id)


def actor_of(role: Role) -> Actor:
    return somebody(role, kind={Role.CUSTOMER: "customer", Role.DEVICE: "token"}.get(role, "staff"))


def test_no_action_is_missing_in_the_rows_above() -> None:
    assert set(TABLE) == ACTIONS
    assert len(LETTERS) == len(Role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_each_role_may_do_what_its_row_says_and_nothing_else(role: Role, action: str) -> None:
    anyhow, own = TABLE[action]
    actor = actor_of(role)
    assert may(actor, action) == (role in anyhow)
    assert may(actor, action, own_thing(actor)) == (role in anyhow | own)


@pytest.mark.parametrize("role", Role)
def test_what_nobody_declared_nobody_may(role: Role) -> None:
    assert not may(somebody(role), "vehicles.explode")
    assert not may(somebody(role), "")


def test_a_customer_sees_what_is_theirs_and_nothing_of_others() -> None:
    customer = Actor("customer", "c1", "Ada", Role.CUSTOMER)
    assert may(customer, "vehicles.read", SimpleNamespace(id="v1", customer_id="c1"))
    assert not may(customer, "vehicles.read", SimpleNamespace(id="v2", customer_id="c2"))
    assert not may(customer, "vehicles.read", SimpleNamespace(id="c1", customer_id=None))
    assert may(customer, "customers.read", Customer(id="c1"))
    assert not may(customer, "customers.read", Customer(id="c2"))
    assert CustomerView.table == "customers"
    assert not may(customer, "repair_orders.read")


def test_a_token_with_the_role_of_a_customer_is_no_customer() -> None:
    token = Actor("token", "c1", "A page", Role.CUSTOMER)
    assert not may(token, "vehicles.read", SimpleNamespace(id="v1", customer_id="c1"))


def test_only_owners_make_owners_and_touch_them() -> None:
    owner, manager = somebody(Role.OWNER), somebody(Role.MANAGER)
    for action in ("staff.change", "tokens.issue"):
        assert may(owner, action, Role.OWNER)
        assert not may(manager, action, Role.OWNER)
        assert may(manager, action, Role.MANAGER)
    assert not may(manager, "staff.change", Staff(id="s1", role="owner"))
    assert may(manager, "staff.change", Staff(id="s1", role="technician"))
    assert not may(manager, "tokens.revoke", AccessToken(id="t1", role="owner"))


def test_an_old_value_comes_back_only_by_who_may_write_it() -> None:
    def lost(table: str) -> object:
        return SimpleNamespace(table=table, row="r1", field="f")

    assert may(somebody(Role.PARTS), "changes.restore", lost("repair_orders"))
    assert not may(somebody(Role.PARTS), "changes.restore", lost("vehicles"))
    assert may(somebody(Role.TECHNICIAN), "changes.restore", lost("vehicles"))
    assert not may(somebody(Role.ADVISER), "changes.restore", lost("staff"))
    assert not may(somebody(Role.MANAGER), "changes.restore", lost("staff")), "it may be somebody's role"
    assert may(somebody(Role.OWNER), "changes.restore", lost("staff"))
    assert not may(somebody(Role.OWNER), "changes.restore", lost("not a table"))


def test_every_table_that_can_change_says_what_it_takes_to_write_it() -> None:
    tables = {name for name, info in read_schema().tables.items() if name not in UNTOUCHED}
    assert tables <= set(TABLES)
    assert set(TABLES.values()) <= ACTIONS


def test_who_may_not_is_told_so_in_words() -> None:
    with pytest.raises(Denied) as denied:
        require(somebody(Role.VIEWER), "vehicles.change")
    assert "Viewer" in str(denied.value)
    assert denied.value.action == "vehicles.change"
    require(SYSTEM, "vehicles.change")


def test_a_reference_says_who_it_was() -> None:
    assert Actor("staff", "s1", "Ada", Role.OWNER).reference == "staff:s1"
    assert SYSTEM.reference == "system"
    assert set(WORDS) == set(Role)


def test_a_refusal_says_who_may() -> None:
    refused = str(Denied(somebody(Role.TECHNICIAN), "invoices.issue"))
    assert refused == "Your role does not allow this: Technician. This is for: Owner, Manager, Service adviser."
    nobody = str(Denied(somebody(Role.VIEWER, "terminal"), "repair_orders.change"))
    assert nobody.startswith("Nobody is signed in at this terminal. This is for: Owner, ")
    assert str(Denied(somebody(Role.OWNER), "no.such.action")) == "Your role does not allow this: Owner."
    assert roles_that_may("clock.correct") == (Role.OWNER, Role.MANAGER)
