"""Guessing PINs is slow, for each person apart, and a restart makes it no faster."""

from pathlib import Path

import pytest

from core.people import pin_tries
from core.people.pin_tries import FIRST_WAIT, FREE_TRIES, LONGEST_WAIT, PinTries

ANNA, TOM = "anna", "tom"


class Wall:
    now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


def wrong(tries: PinTries, person: str, times: int = 1) -> None:
    for _ in range(times):
        assert tries.begin(person)


def test_three_tries_are_free_and_each_further_one_waits_twice_as_long(tmp_path: Path) -> None:
    wall = Wall()
    tries = PinTries(tmp_path / pin_tries.FILE, wall)
    assert [tries.left(ANNA), tries.wait(ANNA)] == [FREE_TRIES, 0]
    wrong(tries, ANNA, FREE_TRIES)
    assert tries.wait(ANNA) == FIRST_WAIT
    assert not tries.begin(ANNA)
    for pause in (FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT):
        assert tries.wait(ANNA) == pause
        wall.now += pause
        wrong(tries, ANNA)
    for _ in range(40):
        wall.now += LONGEST_WAIT
        wrong(tries, ANNA)
    assert tries.wait(ANNA) == LONGEST_WAIT


def test_one_person_s_pause_keeps_nobody_else_out(tmp_path: Path) -> None:
    tries = PinTries(tmp_path / pin_tries.FILE, Wall())
    wrong(tries, ANNA, FREE_TRIES)
    assert tries.wait(TOM) == 0
    wrong(tries, TOM)


def test_a_right_pin_forgets_what_was_wrong(tmp_path: Path) -> None:
    wall = Wall()
    tries = PinTries(tmp_path / pin_tries.FILE, wall)
    wrong(tries, ANNA, 2)
    tries.right(ANNA)
    assert PinTries(tmp_path / pin_tries.FILE, wall).left(ANNA) == FREE_TRIES


def test_a_restart_buys_no_tries_even_in_the_middle_of_one(tmp_path: Path) -> None:
    wall = Wall()
    for _ in range(FREE_TRIES):
        wrong(PinTries(tmp_path / pin_tries.FILE, wall), ANNA)  # the plug is pulled before any was called wrong
    again = PinTries(tmp_path / pin_tries.FILE, wall)
    assert again.wait(ANNA) == FIRST_WAIT
    wall.now += FIRST_WAIT
    assert again.begin(ANNA)


def test_a_clock_that_was_put_back_pauses_no_longer_than_the_pause(tmp_path: Path) -> None:
    wall = Wall()
    tries = PinTries(tmp_path / pin_tries.FILE, wall)
    wrong(tries, ANNA, FREE_TRIES)
    wall.now -= 10 * 365 * 86_400
    assert tries.wait(ANNA) == FIRST_WAIT


def test_what_cannot_be_counted_is_not_tried(tmp_path: Path) -> None:
    tries = PinTries(tmp_path / "gone" / pin_tries.FILE, Wall())
    with pytest.raises(OSError, match="gone"):
        tries.begin(ANNA)
    assert tries.left(ANNA) == FREE_TRIES


@pytest.mark.parametrize("text", ["", "[]", '{"wrong": {"anna": 3}}', '{"wrong": []}'])
def test_a_damaged_file_begins_anew(tmp_path: Path, text: str) -> None:
    file = tmp_path / pin_tries.FILE
    file.write_text(text)
    assert PinTries(file, Wall()).left(ANNA) == FREE_TRIES
