"""Terminals that run keep in step by themselves, whoever comes and goes."""

import shutil
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.sync.bay import Bay
from core.sync.views import PeerState, SyncError
from server.sync import peer as peer_module
from server.sync.peers import Peers
from server.sync.roster import remembered_peers
from server.sync.sightings import Sighting
from tests.server.sync.bays import Running, founded, joined, wait_until

HERE = (PeerState.IN_STEP, PeerState.SYNCING)


def in_step(*bays: Running) -> bool:
    return all(one.sees(other, PeerState.IN_STEP) for one in bays for other in bays if other is not one)


@pytest.fixture(scope="module")
def joined_homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three terminals of one workshop, all joined at the first, none running."""
    folder = tmp_path_factory.mktemp("homes")
    with Running(founded(folder / "1"), "Bay 1") as one:
        joined(folder / "2", one, "Bay 2")
        joined(folder / "3", one, "Bay 3")
    return folder


@pytest.fixture
def homes(joined_homes: Path, tmp_path: Path) -> list[Path]:
    """The same three for each test."""
    return [shutil.copytree(joined_homes / name, tmp_path / name) for name in ("1", "2", "3")]


def test_a_change_reaches_all_others_at_once_by_pokes_alone(homes: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peer_module, "EVERY", 3600.0)
    with ExitStack() as stack:
        one = stack.enter_context(Running(homes[0], "Bay 1"))
        two = stack.enter_context(Running(homes[1], "Bay 2", peers=[one.address]))
        three = stack.enter_context(Running(homes[2], "Bay 3", peers=[one.address, two.address]))
        wait_until(lambda: in_step(one, two, three), "being in step")
        one.write("AB 1")
        wait_until(lambda: two.plates() == three.plates() == {"AB 1"}, "the change of 1")
        three.write("AB 3")
        wait_until(lambda: one.plates() == two.plates() == {"AB 1", "AB 3"}, "the change of 3")
        wait_until(lambda: in_step(one, two, three), "being in step again")
        assert one.link.summary().in_step == 2
        assert one.view(two).clock_difference_ms is not None
        wait_until(lambda: one.view(two).waiting_out == one.view(two).waiting_in == 0, "nothing waits")


def test_two_that_only_a_third_can_reach_learn_from_each_other_through_it(tmp_path: Path, homes: list[Path]) -> None:
    with ExitStack() as stack:
        middle = stack.enter_context(Running(homes[0], "Bay 1"))
        two = stack.enter_context(Running(homes[1], "Bay 2", peers=[middle.address]))
        three = stack.enter_context(Running(homes[2], "Bay 3", peers=[middle.address]))
        two.write("AB 2")
        wait_until(lambda: three.plates() == {"AB 2"}, "the change, by way of 1")
        wait_until(lambda: middle.plates() == {"AB 2"})


def test_a_terminal_that_was_away_catches_up_and_what_waits_is_told(homes: list[Path]) -> None:
    with Running(homes[0], "Bay 1") as one:
        with Running(homes[1], "Bay 2", peers=[one.address]) as two:
            wait_until(lambda: in_step(one, two), "being in step")
            port, device = two.server.port, two.device
        one.write("AB 1")
        one.write("AB 2")
        wait_until(lambda: one.view(device).waiting_out == 2, "two changes waiting")
        wait_until(lambda: one.link.summary().waiting == 2)
        one.link.sync_now()
        wait_until(lambda: one.sees(device, PeerState.AWAY), "being away")
        assert one.view(device).problem
        assert one.link.summary().offline_since
        with Running(homes[1], "Bay 2", port=port) as two:
            wait_until(lambda: two.plates() == {"AB 1", "AB 2"}, "catching up")
            wait_until(lambda: in_step(one, two), "being in step")
            assert one.link.summary().waiting == 0
            assert one.link.summary().offline_since is None


def test_a_terminal_that_comes_back_elsewhere_is_found_because_it_calls(homes: list[Path]) -> None:
    with Running(homes[0], "Bay 1") as one:
        with Running(homes[1], "Bay 2", peers=[one.address]) as two:
            wait_until(lambda: in_step(one, two), "being in step")
        with Running(homes[1], "Bay 2", peers=[one.address]) as two:
            wait_until(lambda: in_step(one, two) and one.view(two).address == two.address, "being in step")


def test_an_address_typed_while_running_is_found(homes: list[Path]) -> None:
    with Running(homes[0], "Bay 1") as one, Running(homes[1], "Bay 2") as two:
        assert not in_step(one, two)
        one.link.add_address(two.address.removeprefix("https://"))
        wait_until(lambda: in_step(one, two), "being in step")
        with pytest.raises(SyncError, match="not the address"):
            one.link.add_address("in the office")
        port = two.server.port
    with Running(homes[1], "Bay 2", port=port) as two, Running(homes[0], "Bay 1") as one:
        wait_until(lambda: in_step(one, two), "being in step without typing it again")


def test_a_removed_terminal_is_refused_by_all_who_hear_and_says_so(homes: list[Path]) -> None:
    with ExitStack() as stack:
        one = stack.enter_context(Running(homes[0], "Bay 1"))
        two = stack.enter_context(Running(homes[1], "Bay 2", peers=[one.address]))
        three = stack.enter_context(Running(homes[2], "Bay 3", peers=[one.address, two.address]))
        wait_until(lambda: in_step(one, two, three), "being in step")
        one.link.remove(two.device, "system")
        wait_until(lambda: three.sees(two, PeerState.REMOVED), "hearing of it")
        assert one.sees(two, PeerState.REMOVED) or not one.sees(two, *HERE)
        one.write("SECRET")
        wait_until(lambda: "SECRET" in three.plates(), "the others going on")
        two.link.sync_now()
        wait_until(lambda: "taken out" in two.link.summary().problem, "the words")
        assert "SECRET" not in two.plates()
        assert two.sees(one, PeerState.REFUSED, PeerState.AWAY)
        with pytest.raises(SyncError, match="very terminal"):
            one.link.remove(one.device, "system")
        with pytest.raises(SyncError, match="no terminal"):
            one.link.remove("NOBODY", "system")


def test_one_that_hangs_does_not_hold_up_another(homes: list[Path]) -> None:
    with ExitStack() as stack:
        one = stack.enter_context(Running(homes[0], "Bay 1"))
        two = stack.enter_context(Running(homes[1], "Bay 2", peers=[one.address]))
        three = stack.enter_context(Running(homes[2], "Bay 3", peers=[one.address]))
        wait_until(lambda: in_step(one, two) and in_step(one, three), "being in step")
        held = threading.Event()
        two.bay.exchange.answer = lambda *_: held.wait(10) or {}  # type: ignore[method-assign,assignment]
        try:
            one.link.sync_now()
            three.write("AB 3")
            wait_until(lambda: one.plates() == {"AB 3"}, "the change of the one that answers")
        finally:
            before = time.monotonic()
            one.server.stop()
            stopped_within = time.monotonic() - before
            held.set()
        assert stopped_within < 5, "a terminal that hangs does not hold up stopping"


def test_a_terminal_that_was_not_met_yet_refuses_a_member_it_has_not_heard_of(
    tmp_path: Path, homes: list[Path]
) -> None:
    with Running(homes[0], "Bay 1") as one:
        joined(tmp_path / "4", one, "Bay 4")
    with Running(homes[1], "Bay 2") as two, Running(tmp_path / "4", "Bay 4", peers=[two.address]) as four:
        wait_until(lambda: four.sees(two, PeerState.REFUSED), "being refused")
        assert "does not know this terminal yet" in four.view(two).problem
        assert four.link.summary().problem == ""


def test_listeners_hear_of_news_until_they_leave(homes: list[Path]) -> None:
    heard: list[int] = []
    with Running(homes[0], "Bay 1") as one:
        leave = one.link.subscribe(lambda: heard.append(1))
        one.link.open_pairing()
        wait_until(lambda: bool(heard), "hearing of the code")
        leave()
        heard.clear()
        one.link.close_pairing()
        one.write("AB 1")
        time.sleep(0.2)
        assert not heard


def test_nothing_is_left_running_after_stop(homes: list[Path]) -> None:
    with Running(homes[0], "Bay 1") as one, Running(homes[1], "Bay 2", peers=[one.address]) as two:
        wait_until(lambda: in_step(one, two), "being in step")
    wait_until(
        lambda: not [each for each in threading.enumerate() if each.name.startswith(("sync-", "server"))], "an end"
    )


def seen(device: str, entry: str, address: str, workshop: str) -> Sighting:
    return Sighting(entry, device, "00" * 8, workshop, 1, "Bay", (address,))


def on_loop(bay: Running, work: Callable[[], None]) -> None:
    assert bay.server._loop is not None
    bay.server._loop.call_soon_threadsafe(work)


def test_another_machine_that_says_to_be_us_is_explained(homes: list[Path]) -> None:
    with Running(homes[0], "Bay 1") as one:
        link = one.link
        assert isinstance(link, Peers)
        on_loop(one, lambda: link.cloned(seen(one.device, "Bay 1-2", "https://192.0.2.9:8420", "w")))
        wait_until(lambda: "https://192.0.2.9:8420" in link.summary().problem, "the words")
        on_loop(one, lambda: link.cloned(None))
        wait_until(lambda: link.summary().problem == "", "their end")


def test_a_terminal_seen_at_two_places_is_explained(homes: list[Path]) -> None:
    with Running(homes[0], "Bay 1") as one, Running(homes[1], "Bay 2") as two:
        link, workshop = one.link, one.server.link.presence.workshop  # type: ignore[union-attr]
        assert isinstance(link, Peers)
        on_loop(one, lambda: link.seen(seen(two.device, "Bay 2", two.address, workshop)))
        wait_until(lambda: one.sees(two, PeerState.IN_STEP), "being in step, found by its announcement")
        assert one.view(two).problem == ""
        copy = seen(two.device, "Bay 2-2", "https://192.0.2.9:8420", workshop)
        on_loop(one, lambda: link.seen(copy))
        wait_until(lambda: "Two machines" in one.view(two).problem, "the words")
        on_loop(one, lambda: link.lost(copy))
        wait_until(lambda: one.view(two).problem == "", "their end")


def test_a_sighting_of_another_workshop_is_left_alone(homes: list[Path]) -> None:
    with Running(homes[0], "Bay 1") as one, Running(homes[1], "Bay 2") as two:
        link = one.link
        assert isinstance(link, Peers)
        on_loop(one, lambda: link.seen(seen("STRANGER", "Bay 9", two.address, link.presence.workshop)))
        on_loop(one, lambda: link.seen(seen("STRANGER", "Bay 8", two.address, "another workshop")))
        on_loop(one, lambda: link.seen(seen(two.device, "Bay 2", two.address, link.presence.workshop)))
        wait_until(lambda: one.sees(two, PeerState.IN_STEP), "being in step")
        assert "STRANGER" not in [each.device_id for each in one.link.peers()]


def test_what_is_known_of_the_others_is_told_without_a_server(homes: list[Path]) -> None:
    with Running(homes[0], "Bay 1") as one, Running(homes[1], "Bay 2", peers=[one.address]) as two:
        wait_until(lambda: in_step(one, two), "being in step")
        one.link.remove(next(each.device_id for each in one.link.peers() if each.name == "Bay 3"), "system")
    with_alone = Bay.open(homes[0])
    try:
        views = {each.name: each for each in remembered_peers(with_alone)}
        assert views["Bay 2"].state is PeerState.AWAY
        assert views["Bay 2"].last_contact is not None
        assert views["Bay 3"].state is PeerState.REMOVED
    finally:
        with_alone.close()


def test_a_terminal_restored_from_before_what_all_have_let_go_of_is_seeded_anew_and_keeps_its_own(
    homes: list[Path], tmp_path: Path
) -> None:
    old = shutil.copytree(homes[1], tmp_path / "backup")
    with Running(homes[0], "Bay 1") as one:
        one.write("AB 1")
        with Running(homes[1], "Bay 2", peers=[one.address]) as two:
            wait_until(lambda: two.plates() == {"AB 1"}, "the change")
        one.link.remove(next(each.device_id for each in one.link.peers() if each.name == "Bay 3"), "system")
        with Running(homes[1], "Bay 2", peers=[one.address]) as two:
            wait_until(lambda: in_step(one, two), "being in step")
            wait_until(lambda: one.view(two).waiting_out == 0, "1 knowing it")
        assert one.bay.let_go(keep_ms=-1000) > 0
        with Running(old, "Bay 2") as two:
            two.write("AB 2")
            two.link.add_address(one.address)
            wait_until(lambda: two.plates() == one.plates() == {"AB 1", "AB 2"}, "having everything")
            wait_until(lambda: in_step(one, two), "being in step")
            assert not list((old / "tmp").glob("*.seed"))
