"""Copied disks and restored backups are ordinary in workshops: both go on, nothing of either is lost."""

import itertools

import pytest

from core.records import journal
from tests.core.sync.two import Bench, Wire, alike


def settle(*benches: Bench) -> None:
    """Everybody meets everybody until nothing moves."""
    for _ in range(6):
        for first, second in itertools.permutations(benches, 2):
            first.meet(second)


def test_a_cloned_terminal_and_its_original_both_keep_what_they_wrote(one: Bench, two: Bench, three: Bench) -> None:
    original = Bench("original")
    id_ = original.add_vehicle(color="red")
    original.meet(one)
    clone = original.copied("clone")
    assert clone.records.site == original.records.site
    for number in range(3):
        original.add_vehicle(f"O-{number}")
    for number in range(5):
        clone.add_vehicle(f"C-{number}")
    clone.edit(id_, color="green")
    original.meet(two)
    clone.meet(three)
    two.meet(three)
    settle(one, two, three, original, clone)
    assert alike(one, two, three, original, clone)
    with one.records.read() as session:
        plates = {
            row
            for entry in journal.changes(one.records, session)
            for row in (str(r.fields.get("plate")) for r in entry.rows)
        }
    assert {f"O-{n}" for n in range(3)} | {f"C-{n}" for n in range(5)} <= plates
    assert clone.records.site != original.records.site


def test_each_copy_writes_under_a_site_of_its_own_after_they_were_told_apart(one: Bench) -> None:
    original = Bench("original")
    original.add_vehicle()
    clone = original.copied("clone")
    before = original.records.site
    original.add_vehicle("O")
    clone.add_vehicle("C")
    original.meet(one)
    clone.meet(one)
    original.meet(one)
    assert before not in (clone.records.site, original.records.site) or clone.records.site != original.records.site
    original.add_vehicle("O2")
    clone.add_vehicle("C2")
    settle(original, clone, one)
    assert alike(original, clone, one)


def test_a_restored_backup_gets_back_what_others_have_of_it_and_goes_on(one: Bench) -> None:
    terminal = Bench("terminal")
    terminal.add_vehicle("before")
    backup = terminal.copied("backup")
    late = terminal.add_vehicle("after the backup")
    terminal.meet(one)
    old_site = backup.records.site
    backup.meet(one)
    assert backup.vehicle(late).plate == "after the backup"
    assert backup.records.site != old_site
    backup.add_vehicle("after the restore")
    backup.meet(one)
    assert alike(backup, one)


def test_a_restored_backup_that_wrote_before_it_met_anybody_loses_nothing(one: Bench) -> None:
    terminal = Bench("terminal")
    terminal.add_vehicle("before")
    backup = terminal.copied("backup")
    lost = [terminal.add_vehicle(f"T-{number}") for number in range(4)]
    terminal.meet(one)
    made = [backup.add_vehicle(f"B-{number}") for number in range(9)]
    backup.meet(one)
    backup.meet(one)
    for each in (backup, one):
        for id_ in (*lost, *made):
            assert each.vehicle(id_)
    assert alike(backup, one)


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_three_copies_come_to_the_same_records_in_whatever_order_they_meet(order: tuple[int, ...]) -> None:
    original = Bench("original")
    id_ = original.add_order(status="booked")
    copies = [original, original.copied("a"), original.copied("b")]
    copies.append(copies[1].copied("a of a"))
    for number, each in enumerate(copies):
        for _ in range(number + 1):
            each.add_vehicle(f"{number}")
        each.move(id_, ["arrived", "diagnosing", "in_progress", "ready"][number])
    copies.append(copies[2].copied("late"))
    copies[2].add_vehicle("b goes on")
    copies[4].add_vehicle("late goes on")
    ordered = [copies[index] for index in order]
    for first, second in itertools.pairwise(ordered):
        first.meet(second)
    settle(*copies)
    assert alike(*copies)


def test_a_copy_that_writes_while_a_page_is_on_its_way_to_it_gets_no_effect_before_its_cause(one: Bench) -> None:
    terminal = Bench("terminal")
    terminal.add_vehicle("before")
    terminal.meet(one)
    old = terminal.copied("old disk")
    order = terminal.add_order(status="booked")
    terminal.meet(one)
    one.move(order, "arrived")  # stands on what the old disk does not have
    written: list[str] = []

    def meanwhile(kind: str) -> None:
        if kind == "push" and not written:
            written.append(old.add_vehicle("under the same number"))

    one.exchange.round(Wire(old.exchange, "one", before=meanwhile))
    assert written
    settle(one, old)
    assert alike(one, old)
    assert old.order(order).status == "arrived"
    with old.records.read() as session:
        assert journal.conflicts(old.records, session) == ()
