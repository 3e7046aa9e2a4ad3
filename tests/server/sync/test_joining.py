"""A new terminal joins by a code on another one's screen, and has everything the workshop has."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.sync.bay import Bay
from core.sync.founding import is_founded
from core.sync.views import PeerState, SyncError, UnreachableError, WrongCodeError
from server.sync.joining import join
from tests.server.sync.bays import Running, founded, joined, quiet, wait_until


def test_a_terminal_that_joins_has_all_records_and_both_know_each_other(tmp_path: Path) -> None:
    steps: list[str] = []

    def progress(step: str, done: int, total: int) -> None:
        if step not in steps:
            steps.append(step)

    with Running(founded(tmp_path / "one"), "Bay 1") as one:
        one.write("AB 1")
        offer = one.link.open_pairing()
        assert len(offer.code) == 8
        assert offer.address == one.address
        join(tmp_path / "two", offer.address, offer.code, "Bay 2", progress)
        assert one.link.offer() is None, "a code lets in one terminal"
        assert len(steps) >= 3, "how far it is was shown"
        with Running(tmp_path / "two", "Bay 2") as two:
            assert two.plates() == {"AB 1"}
            assert two.bay.workshop_name == "Ott & Sons"
            assert two.bay.records.site != one.bay.records.site
            wait_until(lambda: one.sees(two, PeerState.IN_STEP) and two.sees(one, PeerState.IN_STEP), "being in step")
            assert one.view(two).name == "Bay 2"
            assert two.view(one).name == "Bay 1"
        assert not list((tmp_path / "one" / "tmp" / "seeds").glob("*")), "the copy that was fetched is removed"


def test_a_wrong_code_is_refused_and_after_three_the_right_one_too(tmp_path: Path) -> None:
    with Running(founded(tmp_path / "one"), "Bay 1") as one:
        offer = one.link.open_pairing()
        wrong = f"{(int(offer.code) + 1) % 10**8:08}"
        for left in (2, 1):
            with pytest.raises(WrongCodeError):
                join(tmp_path / "two", offer.address, wrong, "Bay 2", quiet)
            now = one.link.offer()
            assert now is not None
            assert now.tries_left == left
        with pytest.raises(WrongCodeError):
            join(tmp_path / "two", offer.address, wrong, "Bay 2", quiet)
        assert one.link.offer() is None
        with pytest.raises(WrongCodeError):
            join(tmp_path / "two", offer.address, offer.code, "Bay 2", quiet)
        assert not is_founded(tmp_path / "two")
        assert one.link.peers() == ()


def test_without_a_code_nobody_joins(tmp_path: Path) -> None:
    with Running(founded(tmp_path / "one"), "Bay 1") as one:
        with pytest.raises(WrongCodeError):
            join(tmp_path / "two", one.address, "12345678", "Bay 2", quiet)
        offer = one.link.open_pairing()
        one.link.close_pairing()
        with pytest.raises(WrongCodeError):
            join(tmp_path / "two", offer.address, offer.code, "Bay 2", quiet)


def test_an_address_where_nobody_answers_is_said(tmp_path: Path) -> None:
    with Running(founded(tmp_path / "one"), "Bay 1") as one:
        address = one.address
    with pytest.raises(UnreachableError, match=r"127\.0\.0\.1"):
        join(tmp_path / "two", address, "12345678", "Bay 2", quiet)
    with pytest.raises(SyncError, match="not the address"):
        join(tmp_path / "two", "not an address", "12345678", "Bay 2", quiet)


def test_a_joining_that_broke_off_is_done_again_by_the_same_device(tmp_path: Path) -> None:
    def cut(step: str, done: int, total: int) -> None:
        if "Writing" in step:
            raise KeyboardInterrupt

    with Running(founded(tmp_path / "one"), "Bay 1") as one:
        one.write("AB 1")
        offer = one.link.open_pairing()
        with pytest.raises(KeyboardInterrupt):
            join(tmp_path / "two", offer.address, offer.code, "Bay 2", cut)
        assert not is_founded(tmp_path / "two")
        joined(tmp_path / "two", one, "Bay 2")
        bay = Bay.open(tmp_path / "two")
        bay.close()
        wait_until(lambda: len(one.link.peers()) == 1, "one row for one device")
        assert one.link.peers()[0].device_id == bay.identity.device_id


def test_a_giver_that_is_started_anew_in_between_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.sync.client.PIECE", 500)
    monkeypatch.setattr("server.sync.copying.TRY_EVERY", 0.05)
    home = founded(tmp_path / "one")
    with ExitStack() as running:
        one = running.enter_context(Running(home, "Bay 1"))
        for number in range(20):
            one.write(f"AB {number}")
        port, offer = one.server.port, one.link.open_pairing()
        restarted: list[Running] = []

        def progress(step: str, done: int, total: int) -> None:
            if "Fetching" in step and 500 < done < total and not restarted:
                running.close()
                restarted.append(running.enter_context(Running(home, "Bay 1", port=port)))

        join(tmp_path / "two", offer.address, offer.code, "Bay 2", progress)
        assert restarted
        with Running(tmp_path / "two", "Bay 2") as two:
            assert len(two.plates()) == 20


JOIN = """
import sys
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from server.sync.joining import join
home, address, code = sys.argv[1:]
join(Path(home), address, code, "Bay 2", lambda step, done, total: print(step, flush=True))
"""


@pytest.mark.parametrize("step", ["Pairing", "Fetching", "Writing"])
def test_killed_on_its_way_a_home_can_join_again(step: str, tmp_path: Path) -> None:
    with Running(founded(tmp_path / "one"), "Bay 1") as one:
        one.write("AB 1")
        offer = one.link.open_pairing()
        command = [sys.executable, "-c", JOIN, str(tmp_path / "two"), offer.address, offer.code]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if step in line:
                    break
            process.kill()
        if not is_founded(tmp_path / "two"):  # it was quicker than the kill, at the last steps
            joined(tmp_path / "two", one, "Bay 2")
        with Running(tmp_path / "two", "Bay 2") as two:
            assert two.plates() == {"AB 1"}
            wait_until(lambda: two.sees(one, PeerState.IN_STEP), "being in step")
            assert len(one.link.peers()) == 1, "one row for one device"
