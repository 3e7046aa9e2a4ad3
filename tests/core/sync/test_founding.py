"""A workshop is founded whole or not at all, whenever the power goes; and never over anything that was there."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.records.ids import new_id
from core.records.records import Records
from core.sync.founding import (
    IDENTITY,
    NOTE,
    RECORDS,
    STAGED,
    Founded,
    NotEmptyError,
    NoWorkshopError,
    forget_unfinished,
    found,
    found_again,
    is_founded,
)
from core.sync.members import Terminal, Workshop, is_member
from core.trust.errors import TrustError
from core.trust.identity import Identity
from core.trust.root import WorkshopRoot
from tests.core.records.postgres import cluster, postgresql_url

__all__ = ["cluster", "postgresql_url"]


class PowerCutError(BaseException):
    """Ends everything where it is; nobody catches it."""


@contextmanager
def power_cut_at(step: int) -> Iterator[list[str]]:
    """Cut the power before the step-th thing that reaches the disk, and after each change of the records too."""
    done: list[str] = []

    def counted(name: str, what: Callable[..., Any], *, after: bool = False) -> Callable[..., Any]:
        def run(*arguments: Any, **options: Any) -> Any:
            done.append(name)
            if len(done) == step:
                raise PowerCutError(name)
            result = what(*arguments, **options)
            if after:
                done.append(f"{name}, done")
                if len(done) == step:
                    raise PowerCutError(name)
            return result

        return run

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", counted("fsync", os.fsync))
        for name in ("replace", "rename", "unlink", "mkdir"):
            patch.setattr(Path, name, counted(name, getattr(Path, name)))
        for name in ("join", "change"):
            patch.setattr(Records, name, counted(name, getattr(Records, name), after=True))
        yield done


def check_founded(home: Path, workshop: str, terminal: str, url: str | None = None) -> None:
    """That everything in the home is there and fits together."""
    identity = Identity.load(home / IDENTITY)
    root = WorkshopRoot.load(home / IDENTITY)
    records = Records.open(url or home / RECORDS)
    try:
        with records.read() as session:
            (row,) = session.scalars(select(Workshop)).all()
            (own,) = session.scalars(select(Terminal)).all()
            assert (row.name, row.root_certificate) == (workshop, root.certificate_pem)
            assert (own.name, own.device_id, own.public_key) == (terminal, identity.device_id, identity.public_key)
            assert own.id == records.terminal_id
            assert own.joined_at
            assert is_member(session, identity.device_id) is own
    finally:
        records.close()
    assert not (home / STAGED).exists()


def test_a_founded_home_has_a_key_a_root_and_the_two_rows(tmp_path: Path) -> None:
    home = tmp_path / "some" / "home"
    assert not is_founded(home)
    made = found(home, " Garage  Müller ", "Bay 1")
    assert is_founded(home)
    check_founded(home, "Garage Müller", "Bay 1")
    identity = Identity.load(home / IDENTITY)
    assert (made.workshop_name, made.terminal_name, made.device_id) == ("Garage Müller", "Bay 1", identity.device_id)
    assert sorted(file.name for file in (home / IDENTITY).iterdir()) == [
        "device.crt", "device.key", "root.crt", "root.key",
    ]  # fmt: skip


def test_a_founded_home_is_not_founded_again(tmp_path: Path) -> None:
    found(tmp_path, "Garage", "Bay 1")
    before = (tmp_path / IDENTITY / "device.key").read_bytes()
    with pytest.raises(NotEmptyError, match="already"):
        found(tmp_path, "Other", "Bay 9")
    assert (tmp_path / IDENTITY / "device.key").read_bytes() == before
    check_founded(tmp_path, "Garage", "Bay 1")


def test_a_damaged_identity_is_not_written_over(tmp_path: Path) -> None:
    found(tmp_path, "Garage", "Bay 1")
    (tmp_path / IDENTITY / "device.key").unlink()
    with pytest.raises(NotEmptyError):
        found(tmp_path, "Garage", "Bay 1")
    with pytest.raises(NotEmptyError):
        found_again(tmp_path, "Bay 1")


def test_records_of_another_workshop_are_not_taken_over(tmp_path: Path) -> None:
    found(tmp_path / "first", "Garage", "Bay 1")
    (tmp_path / "second").mkdir()
    (tmp_path / "first" / RECORDS).rename(tmp_path / "second" / RECORDS)
    with pytest.raises(NotEmptyError, match="Garage"):
        found(tmp_path / "second", "Other", "Bay 9")
    assert not is_founded(tmp_path / "second")
    with pytest.raises(NotEmptyError, match="Garage"):  # nor at the second try
        found(tmp_path / "second", "Other", "Bay 9")


@pytest.mark.parametrize(("workshop", "terminal"), [("", "Bay 1"), ("Garage", "  "), ("G" * 61, "B"), ("G", "a\x07b")])
def test_names_that_cannot_be_are_refused_before_anything_is_written(
    tmp_path: Path, workshop: str, terminal: str
) -> None:
    with pytest.raises(TrustError):
        found(tmp_path / "home", workshop, terminal)
    assert not (tmp_path / "home").exists()


def test_a_power_cut_at_any_step_leaves_a_home_that_is_founded_or_can_be(tmp_path: Path) -> None:
    whole_at = None
    for step in range(1, 200):
        home = tmp_path / f"home {step}"
        try:
            with power_cut_at(step) as done:
                found(home, "Garage", "Bay 1")
            whole_at = step
            break
        except PowerCutError:
            if is_founded(home):
                check_founded(home, "Garage", "Bay 1")
            else:
                found(home, "Another name", "Bay 2")
                check_founded(home, "Another name", "Bay 2")
    assert whole_at is not None
    assert whole_at > 20, done  # steps were really counted
    assert "change, done" in done


def test_a_second_power_cut_while_it_is_done_again_changes_nothing_about_that(tmp_path: Path) -> None:
    for step in range(3, 40, 4):
        home = tmp_path / f"home {step}"
        for again in (step, step + 3, step // 2):
            try:
                with power_cut_at(again):
                    found(home, "Garage", f"Bay {again}")
            except (PowerCutError, NotEmptyError):
                pass
        if not is_founded(home):
            found(home, "Garage", "Bay 1")
        check_founded(home, "Garage", Identity.load(home / IDENTITY).name)


KILLED = """
import os, signal, sys
from pathlib import Path
from core.sync.founding import found
steps = int(sys.argv[2])
real = os.fsync
def fsync(handle):
    global steps
    steps -= 1
    if steps == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(handle)
os.fsync = fsync
found(Path(sys.argv[1]), "Garage", "Bay 1")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 on Windows")
@pytest.mark.parametrize("step", [1, 5, 9, 12, 14])
def test_a_kill_leaves_a_home_that_is_founded_or_can_be(tmp_path: Path, step: int) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(step)]
    ended = subprocess.run(command, timeout=60, check=False, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    if not is_founded(tmp_path):
        found(tmp_path, "Garage", "Bay 1")
    check_founded(tmp_path, "Garage", "Bay 1")


def test_records_that_a_restored_backup_put_there_are_not_begun_again(tmp_path: Path) -> None:
    with pytest.raises(PowerCutError), power_cut_at(12):
        found(tmp_path / "home", "Garage", "Bay 1")
    assert (tmp_path / "home" / STAGED / NOTE).exists()
    found(tmp_path / "old", "Old garage", "Bay 1")
    forget_unfinished(tmp_path / "home")  # what restoring does first
    (tmp_path / "old" / RECORDS).replace(tmp_path / "home" / RECORDS)
    with pytest.raises(NotEmptyError):
        found(tmp_path / "home", "Garage", "Bay 1")
    assert found_again(tmp_path / "home", "Bay 1").workshop_name == "Old garage"


def restored(tmp_path: Path) -> tuple[Founded, Path]:
    before = found(tmp_path / "before", "Garage", "Bay 1")
    home = tmp_path / "after"
    home.mkdir()
    (tmp_path / "before" / RECORDS).rename(home / RECORDS)
    return before, home


def test_a_workshop_of_which_only_a_backup_is_left_lives_again(tmp_path: Path) -> None:
    before, home = restored(tmp_path)
    made = found_again(home, "Bay 2")
    assert is_founded(home)
    assert made.workshop_id == before.workshop_id
    assert made.terminal_id != before.terminal_id
    assert made.device_id != before.device_id
    records = Records.open(home / RECORDS)
    try:
        with records.read() as session:
            row = session.get_one(Workshop, before.workshop_id)
            assert row.root_certificate == WorkshopRoot.load(home / IDENTITY).certificate_pem
            assert is_member(session, made.device_id) is session.get(Terminal, made.terminal_id)
        assert records.terminal_id == made.terminal_id
    finally:
        records.close()


def test_a_power_cut_while_founding_again_adds_no_terminal_that_never_was(tmp_path: Path) -> None:
    before, home = restored(tmp_path)
    for step in range(1, 40):
        with pytest.MonkeyPatch.context():
            try:
                with power_cut_at(step):
                    found_again(home, "Bay 2")
            except PowerCutError:
                pass
        if is_founded(home):
            break
    records = Records.open(home / RECORDS)
    try:
        with records.read() as session:
            ids = {row.id for row in session.scalars(select(Terminal))}
        assert ids == {before.terminal_id, records.terminal_id}
    finally:
        records.close()


def test_nothing_to_found_again_is_said_and_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(NoWorkshopError):
        found_again(tmp_path / "home", "Bay 1")
    assert not (tmp_path / "home").exists()
    Records.open(tmp_path / RECORDS).close()
    with pytest.raises(NoWorkshopError):
        found_again(tmp_path, "Bay 1")
    assert found(tmp_path, "Garage", "Bay 1").workshop_name == "Garage"


def test_a_workshop_on_a_postgresql_server_is_founded_the_same_way(tmp_path: Path, postgresql_url: str) -> None:
    steps = 0
    for step in range(1, 60, 4):
        try:
            with power_cut_at(step):
                found(tmp_path, "Garage", "Bay 1", postgresql_url)
            break
        except PowerCutError:
            steps += 1
            if is_founded(tmp_path):
                break
    assert steps > 4
    check_founded(tmp_path, "Garage", "Bay 1", postgresql_url)
    assert not (tmp_path / RECORDS).exists()
    with pytest.raises(NotEmptyError, match="Garage"):
        found(tmp_path / "other", "Other", "Bay 1", postgresql_url)


def test_the_removed_are_no_members_whatever_other_rows_say(tmp_path: Path) -> None:
    made = found(tmp_path, "Garage", "Bay 1")
    records = Records.open(tmp_path / RECORDS)
    try:
        with records.read() as session:
            assert is_member(session, "somebody") is None
        records.change(
            "system", lambda session: session.add(Terminal(id=new_id(1), device_id=made.device_id, removed_at=1))
        )
        with records.read() as session:
            assert is_member(session, made.device_id) is None
    finally:
        records.close()
