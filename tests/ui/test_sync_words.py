"""What a person reads of sync: in the frame and on the page Bays, in whole words and never by colour alone."""

import time
from dataclasses import replace

import pytest

from core.sync.views import PeerState, SyncSummary
from tests.ui.fake_link import ms, peer
from ui import sync_words
from ui.sync_words import clock_difference, last_contact, meaning, summary_words
from ui.widgets import icons


def test_the_frame_says_how_things_stand() -> None:
    assert summary_words(None).words == "Not part of a workshop"
    assert summary_words(SyncSummary(False)).words == "Not part of a workshop"
    assert summary_words(SyncSummary(True)).words == "On its own"
    assert summary_words(SyncSummary(True, in_step=3, peers=3)).words == "In step with 3 bays"
    assert summary_words(SyncSummary(True, in_step=1, peers=1)).words == "In step with 1 bay"
    assert summary_words(SyncSummary(True, in_step=2, peers=3)).words == "In step with 2 of 3 bays"
    assert summary_words(SyncSummary(True, in_step=0, peers=3)).words == "Catching up"


def test_offline_it_says_since_when_and_how_much_waits() -> None:
    at = time.mktime((2026, 9, 21, 14, 2, 0, 0, 0, -1))
    said = summary_words(SyncSummary(True, peers=3, offline_since=round(at * 1000), waiting=6))
    assert said.words.startswith("Offline since")
    assert said.words.endswith("14:02")
    assert said.caption == "6 changes waiting"
    assert said.token == "warning"
    assert summary_words(SyncSummary(True, peers=3, offline_since=ms(5), waiting=1)).caption == "1 change waiting"


def test_a_problem_comes_before_everything_but_the_workshop() -> None:
    assert summary_words(SyncSummary(True, in_step=3, peers=3, problem="Two machines, one id.")).words == "Needs a look"


def test_each_state_has_its_own_word_and_its_own_shape() -> None:
    assert len({sync_words.STATES[state] for state in PeerState}) == len(PeerState)
    assert len({sync_words.SHAPES[state][0] for state in PeerState}) == len(PeerState)
    for icon, _ in sync_words.SHAPES.values():
        icons._drawing(icon)


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (None, "not known"),
        (59_000, "same as here"),
        (-60_000, "same as here"),
        (61_000, "1 min ahead"),
        (-430_000, "7 min behind"),
        (3 * 3_600_000, "3 h ahead"),
        (-41 * 86_400_000, "41 days behind"),
    ],
)
def test_a_clock_is_named_from_a_minute_on(difference: int | None, said: str) -> None:
    other = peer("Bay 2", clock_difference_ms=difference)
    assert clock_difference(other) == said
    assert ("Its clock is" in meaning(other)) is (difference is not None and abs(difference) > 60_000)


def test_a_problem_is_said_in_its_own_words_and_all_is_well_needs_none() -> None:
    assert meaning(peer("Bay 2")) == ""
    refused = peer("Bay 2", PeerState.REFUSED, problem="It was removed from the workshop.")
    assert meaning(refused) == "It was removed from the workshop."
    assert "clock" in meaning(replace(refused, clock_difference_ms=7_200_000))
    assert "another" in meaning(peer("Bay 2", PeerState.NEVER_SEEN))


def test_when_another_terminal_was_heard_of_last() -> None:
    now = time.time()
    assert last_contact(peer("Bay 2", last_contact=None), now) == "never"
    assert last_contact(peer("Bay 2"), now) == "now"
    at = time.mktime((2026, 9, 21, 14, 2, 0, 0, 0, -1))
    away = peer("Bay 2", PeerState.AWAY, last_contact=round(at * 1000))
    assert last_contact(away, at + 120) == "14:02"
    assert last_contact(away, at + 3 * 86_400) == "Mon 21 Sep, 14:02"
