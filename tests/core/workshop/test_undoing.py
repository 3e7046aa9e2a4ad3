"""Taking back what somebody did: their own, on any terminal, and never what somebody else did since."""

from collections.abc import Iterator

import pytest

import core.models  # noqa: F401 - every synced table
from core.people.customers import create_customer
from core.people.models import Staff
from core.people.roles import Actor, Denied, Role
from core.people.staff import create_staff
from core.records import undoing as mechanism
from core.records.fields import Fact
from core.records.folding import fold
from core.records.input import NotFound, Refused
from core.records.records import Records
from core.sync.members import Terminal
from core.vehicles.models import Vehicle
from core.vehicles.vehicles import create_vehicle, get_vehicle
from core.workshop.estimates import decide_all
from core.workshop.invoice_models import Invoice, Payment
from core.workshop.invoices import issue_invoice
from core.workshop.lines import create_line
from core.workshop.models import NoteReading, RepairOrder, StatusMove
from core.workshop.notes import add_note, list_notes
from core.workshop.orders import change_repair_order, create_repair_order, delete_repair_order, get_repair_order
from core.workshop.payments import record_payment
from core.workshop.undoing import Deed, Stays, Undone, last_changes, redo_last, undo, undo_last
from tests.core.sync.two import Bench, alike

ANNA_ID, TOM_ID = "01890000-0000-7000-8000-00000000000a", "01890000-0000-7000-8000-00000000000b"
ANNA = Actor("staff", ANNA_ID, "Anna Berg", Role.ADVISER)
TOM = Actor("staff", TOM_ID, "Tom Huber", Role.TECHNICIAN)


class Bay(Bench):
    """A terminal that people with names work at."""

    def do(self, actor: Actor, work, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.clock.now += 1000
        return self.records.change(actor.reference, lambda session: work(session, actor, *args, **kwargs)).value

    def mine(self, actor: Actor, limit: int = 20) -> tuple[Deed, ...]:
        with self.records.read() as session:
            return last_changes(self.records, session, actor, limit)

    def take_back(self, actor: Actor, which: int = 0) -> Undone:
        self.clock.now += 1000
        deed = self.mine(actor)[which]
        return undo(self.records, actor, deed.turn if deed.undone else deed.id)

    def order_now(self, id_: str) -> RepairOrder:
        return self.order(id_)


def bay(name: str, row: str) -> Bay:
    made = Bay(name)
    made.records.join(row)
    return made


@pytest.fixture
def one() -> Iterator[Bay]:
    made = bay("Bay 1", "01890000-0000-7000-8000-0000000000b1")

    def rows(session) -> None:  # type: ignore[no-untyped-def]
        session.add(Staff(id=ANNA_ID, name="Anna Berg", role="adviser", active=True))
        session.add(Staff(id=TOM_ID, name="Tom Huber", role="technician", active=True))
        for number in (1, 2):
            session.add(Terminal(id=f"01890000-0000-7000-8000-0000000000b{number}", name=f"Bay {number}"))

    made.records.change("system", rows)
    yield made
    made.close()


@pytest.fixture
def two(one: Bay) -> Iterator[Bay]:
    made = bay("Bay 2", "01890000-0000-7000-8000-0000000000b2")
    made.clock.now = one.clock.now + 500
    made.meet(one)
    yield made
    made.close()


def new_order(at: Bay, actor: Actor = ANNA, **fields: object) -> str:
    return str(at.do(actor, create_repair_order, {"complaint": "Noise", **fields}).id)


def gone(records: Records, order: str) -> bool:
    with records.read() as session:
        try:
            get_repair_order(session, order)
        except NotFound:
            return True
    return False


# One person, one terminal --------------------------------------------------------------------------------------------


def test_a_field_goes_back_to_what_it_was(one: Bay) -> None:
    order = new_order(one, cause="Pads")
    one.do(ANNA, change_repair_order, order, {"complaint": "Squeals", "cause": None, "correction": "New pads"})
    undone = one.take_back(ANNA)
    now = one.order_now(order)
    assert (now.complaint, now.cause, now.correction) == ("Noise", "Pads", None)
    assert undone.left == ()
    assert undone.changes.rows["repair_orders"][order] == {"complaint", "cause", "correction"}


def test_an_undo_is_a_change_of_the_same_person(one: Bay) -> None:
    order = new_order(one)
    one.do(ANNA, change_repair_order, order, {"complaint": "Squeals"})
    assert one.take_back(ANNA).changes.actor == ANNA.reference


def test_what_was_made_is_hidden_and_what_was_deleted_is_shown(one: Bay) -> None:
    order = new_order(one)
    one.do(ANNA, delete_repair_order, order)
    one.take_back(ANNA)
    assert not gone(one.records, order)
    one.take_back(ANNA, 1)
    assert gone(one.records, order)


def test_a_new_vehicle_with_its_new_order_goes_with_it(one: Bay) -> None:
    def work(session, actor):  # type: ignore[no-untyped-def]
        owner = create_customer(session, actor, {"name": "Lena Ott", "phone": "+49 40 1"})
        car = create_vehicle(session, actor, {"plate": "HH AB 1", "customer_id": owner.id})
        return car.id, create_repair_order(session, actor, {"vehicle_id": car.id, "customer_id": owner.id}).id

    car, order = one.do(ANNA, work)
    assert one.take_back(ANNA).left == ()
    assert gone(one.records, order)
    with one.records.read() as session, pytest.raises(NotFound):
        get_vehicle(session, car)


def test_a_fact_is_hidden(one: Bay) -> None:
    order = new_order(one)
    one.do(TOM, add_note, {"order_id": order, "text": "Disc scored"})
    one.take_back(TOM)
    with one.records.read() as session:
        assert list_notes(session, order, limit=10).items == ()


def test_undo_of_the_undo_is_there_again(one: Bay) -> None:
    order = new_order(one)
    one.do(ANNA, change_repair_order, order, {"complaint": "Squeals"})
    one.take_back(ANNA)
    assert one.mine(ANNA)[0].undone
    one.take_back(ANNA)  # what can be done about an undone one is to do it again
    assert one.order_now(order).complaint == "Squeals"
    assert not one.mine(ANNA)[0].undone
    one.take_back(ANNA)
    assert one.order_now(order).complaint == "Noise"


def test_undo_and_redo_step_by_step(one: Bay) -> None:
    order = new_order(one)
    for words in ("one", "two", "three"):
        one.do(ANNA, change_repair_order, order, {"complaint": words})

    def step(which) -> str | None:  # type: ignore[no-untyped-def]
        one.clock.now += 1000
        return one.order_now(order).complaint if which(one.records, ANNA) is not None else None

    assert [step(undo_last) for _ in range(2)] == ["two", "one"]
    assert [step(redo_last) for _ in range(3)] == ["two", "three", None]
    assert [step(undo_last) for _ in range(3)] == ["two", "one", "Noise"]
    one.do(ANNA, change_repair_order, order, {"cause": "Pads"})
    assert step(redo_last) is None  # something else was done since


def test_what_nobody_takes_back_is_said_once_and_then_passed_over(one: Bay) -> None:
    order = new_order(one)
    one.do(ANNA, create_line, {"order_id": order, "kind": "fee", "description": "x", "unit_price": 1000})
    one.do(ANNA, change_repair_order, order, {"complaint": "Squeals"})
    one.do(ANNA, decide_all, order, "approved", {})
    paper = one.do(ANNA, issue_invoice, order)
    one.do(ANNA, record_payment, {"invoice_id": paper.id, "amount": 500, "way": "cash"})
    heard: list[str] = []
    for words in ("A payment stays", "An invoice stays"):
        with pytest.raises(Stays, match=words) as said:
            undo_last(one.records, ANNA, heard)
        heard.append(said.value.deed)
    assert undo_last(one.records, ANNA, heard) is not None  # the yes
    assert undo_last(one.records, ANNA, heard) is not None
    assert one.order_now(order).complaint == "Noise"


def test_nothing_done_is_nothing_to_take_back(one: Bay) -> None:
    assert undo_last(one.records, ANNA) is None
    assert redo_last(one.records, ANNA) is None


def test_it_is_taken_back_once(one: Bay) -> None:
    order = new_order(one)
    one.do(ANNA, change_repair_order, order, {"complaint": "Squeals"})
    deed = one.mine(ANNA)[0]
    undo(one.records, ANNA, deed.id)
    with pytest.raises(LookupError):
        undo(one.records, ANNA, deed.id)  # the second tap of a double tap


def test_what_others_did_is_theirs(one: Bay) -> None:
    order = new_order(one, ANNA)
    one.do(TOM, change_repair_order, order, {"cause": "Pads"})
    assert [deed.entry.actor for deed in one.mine(TOM)] == [TOM.reference]
    with pytest.raises(LookupError):
        undo(one.records, TOM, one.mine(ANNA)[0].id)


def test_that_a_note_was_read_is_no_change_to_people(one: Bay) -> None:
    order = new_order(one)
    one.change(lambda session: session.add(NoteReading(order_id=order, staff_id=ANNA_ID, up_to=1)), ANNA.reference)
    assert len(one.mine(ANNA)) == 1


# What was changed since ----------------------------------------------------------------------------------------------


def test_what_somebody_else_wrote_since_stays_and_is_named(one: Bay, two: Bay) -> None:
    order = new_order(one)
    one.do(ANNA, change_repair_order, order, {"complaint": "Squeals", "cause": "Pads"})
    two.clock.now = one.clock.now
    two.meet(one)
    two.do(TOM, change_repair_order, order, {"cause": "Discs"})
    one.meet(two)
    assert "Changed since by Tom Huber on Bay 2." in one.mine(ANNA)[0].stays
    undone = one.take_back(ANNA)
    assert [(left.field, left.why) for left in undone.left] == [("cause", mechanism.Why.CHANGED)]
    assert undone.stays == ("Changed since by Tom Huber on Bay 2.",)
    now = one.order_now(order)
    assert (now.complaint, now.cause) == ("Noise", "Discs")


def test_when_all_of_it_was_changed_since_it_says_why_not(one: Bay) -> None:
    order = new_order(one)
    one.do(ANNA, change_repair_order, order, {"cause": "Pads"})
    one.do(TOM, change_repair_order, order, {"cause": "Discs"})
    deed = one.mine(ANNA)[0]
    assert not deed.possible
    assert "Tom Huber" in deed.why_not
    with pytest.raises(Refused, match="Changed since by Tom Huber"):
        one.take_back(ANNA)
    assert one.order_now(order).cause == "Discs"


def test_a_new_order_somebody_else_has_worked_on_stays(one: Bay) -> None:
    order = new_order(one)
    one.do(TOM, add_note, {"order_id": order, "text": "Disc scored"})
    assert not one.mine(ANNA)[0].possible
    with pytest.raises(Refused, match="Tom Huber has worked on it since"):
        one.take_back(ANNA)
    assert not gone(one.records, order)


def test_a_new_order_with_ones_own_notes_goes(one: Bay) -> None:
    order = new_order(one)
    one.do(ANNA, add_note, {"order_id": order, "text": "Call after five"})
    one.take_back(ANNA, 1)
    assert gone(one.records, order)


def test_a_disputed_status_waits_for_a_person(one: Bay, two: Bay) -> None:
    order = new_order(one, status="diagnosing")
    two.meet(one)
    one.do(ANNA, change_repair_order, order, {"status": "in_progress"})
    two.do(TOM, change_repair_order, order, {"status": "awaiting_parts"})
    one.meet(two)
    with pytest.raises(Refused, match="wait for a decision"):
        one.take_back(ANNA)


def test_what_was_let_go_of_cannot_come_back(one: Bay) -> None:
    order = new_order(one)
    one.do(ANNA, change_repair_order, order, {"complaint": "Squeals"})
    before = one.records.tips()
    vector = {site: {scope: tip.seq - 1} for (site, scope), tip in before.items()}
    one.records.keep(lambda connection: fold(connection, [vector], 1 << 60))
    with pytest.raises(Refused, match="let go of"):
        one.take_back(ANNA)


# Who may, and what refuses -------------------------------------------------------------------------------------------


def test_a_card_that_goes_back_was_moved_again(one: Bay) -> None:
    order = new_order(one, status="arrived")
    one.do(TOM, change_repair_order, order, {"status": "diagnosing"})
    one.take_back(TOM)
    assert one.order_now(order).status == "arrived"
    with one.records.read() as session:
        moves = [(each.before, each.after, each.moved_by) for each in session.query(StatusMove).order_by(StatusMove.id)]
    assert moves[-1] == ("diagnosing", "arrived", TOM.reference)
    assert all(each.deleted_at is None for each in _all(one, StatusMove))


def _all(at: Bay, model):  # type: ignore[no-untyped-def]
    with at.records.read() as session:
        return list(session.query(model))


@pytest.mark.parametrize(
    ("model", "words"), [(Invoice, "void it, or write a credit note"), (Payment, "record the money")]
)
def test_invoices_and_payments_stay_with_all_that_went_with_them(one: Bay, model: type[Fact], words: str) -> None:
    order = new_order(one)

    def work(session, actor):  # type: ignore[no-untyped-def]
        session.add(model())
        change_repair_order(session, actor, order, {"complaint": "Squeals"})

    one.do(ANNA, work)
    assert words in one.mine(ANNA)[0].why_not
    with pytest.raises(Refused, match=words):
        one.take_back(ANNA)
    assert one.order_now(order).complaint == "Squeals"


def test_who_works_here_is_changed_where_it_was(one: Bay) -> None:
    owner = Actor("staff", ANNA_ID, "Anna Berg", Role.OWNER)
    one.do(owner, create_staff, {"name": "New", "role": "technician"})
    with pytest.raises(Refused, match="Settings"):
        one.take_back(owner)


def test_who_may_not_write_it_any_more_does_not_take_it_back(one: Bay) -> None:
    order = new_order(one)
    one.do(ANNA, change_repair_order, order, {"complaint": "Squeals"})
    viewer = Actor("staff", ANNA_ID, "Anna Berg", Role.VIEWER)
    assert "Viewer" in one.mine(viewer)[0].why_not
    with pytest.raises(Denied):
        undo(one.records, viewer, one.mine(viewer)[0].id)
    assert one.order_now(order).complaint == "Squeals"


# Across terminals ----------------------------------------------------------------------------------------------------


def test_done_on_one_terminal_and_taken_back_on_another(one: Bay, two: Bay) -> None:
    order = new_order(one)
    one.do(ANNA, change_repair_order, order, {"complaint": "Squeals"})
    two.clock.now = one.clock.now
    two.meet(one)
    deed = two.mine(ANNA)[0]
    assert (deed.here, deed.possible) == (False, True)
    two.take_back(ANNA)
    one.meet(two)
    assert one.order_now(order).complaint == "Noise"
    assert one.mine(ANNA)[0].undone
    one.clock.now = two.clock.now
    one.take_back(ANNA)  # and done again on the first
    two.meet(one)
    assert two.order_now(order).complaint == "Squeals"
    assert alike(one, two)


def test_taken_back_on_both_while_apart_is_taken_back(one: Bay, two: Bay) -> None:
    order = new_order(one)
    one.do(ANNA, change_repair_order, order, {"complaint": "Squeals"})
    two.clock.now = one.clock.now
    two.meet(one)
    one.take_back(ANNA)
    two.take_back(ANNA)
    one.meet(two)
    assert one.order_now(order).complaint == "Noise"
    assert one.mine(ANNA)[0].undone
    assert alike(one, two)


def test_the_newest_is_the_one_done_last_not_the_one_that_came_last(one: Bay, two: Bay) -> None:
    order = new_order(one)
    two.clock.now = one.clock.now
    two.meet(one)
    two.do(ANNA, change_repair_order, order, {"cause": "Pads"})
    one.clock.now = two.clock.now
    one.do(ANNA, change_repair_order, order, {"complaint": "Squeals"})
    one.meet(two)  # what was done earlier arrives later
    assert "complaint" in one.mine(ANNA)[0].entry.rows[0].fields


# How much is asked ---------------------------------------------------------------------------------------------------


def test_the_list_asks_no_more_for_twenty_than_for_two(one: Bay) -> None:
    def asked(limit: int) -> int:
        count = [0]

        def note(*_: object) -> None:
            count[0] += 1

        with one.records.read() as session:
            raw = session.connection().connection.driver_connection
            assert raw is not None
            raw.set_trace_callback(note)
            last_changes(one.records, session, ANNA, limit)
            raw.set_trace_callback(None)
        return count[0]

    for number in range(25):
        order = new_order(one)
        one.do(ANNA, change_repair_order, order, {"complaint": f"Noise {number}"})
    few, many = asked(2), asked(20)
    assert many <= few
    assert many < 40


def test_an_import_is_not_looked_into(one: Bay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mechanism, "LARGEST", 200)
    one.change(lambda session: session.add(Vehicle(plate="X", notes="n" * 500)), ANNA.reference)
    found = {row.table for deed in one.mine(ANNA) for row in deed.entry.rows}
    assert "vehicles" not in found
