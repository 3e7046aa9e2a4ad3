"""A terminal killed with -9 while it records: everything older than a second before is there at the next start."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.diagnostics.chunks import Reply, State, Values
from core.diagnostics.library import RecordingLibrary
from core.diagnostics.session import JOURNAL

# Feeds numbered rows, writes down what it fed (a file's pages outlive the process), with times of time.monotonic(),
# which parent and child share, and rolls chunks so often that some kills fall into that.
CHILD = """
import os, sys, time
from pathlib import Path
from core.diagnostics.recording import Recorder, SessionMeta
recorder = Recorder(Path(sys.argv[1]) / "home", roll_s=0.3)
fed = os.open(sys.argv[1] + "/fed", os.O_WRONLY | os.O_CREAT)
recorder.start(SessionMeta(vin="1HGCM82633A004352"))
print("ready", flush=True)
n = 0
while True:
    t = time.monotonic()
    recorder.reply(t, "7E8", b"\\x01\\x0c", b"\\x41\\x0c" + (n % 65536).to_bytes(2, "big"))
    recorder.values(t, "7E8", {"engine_speed": (n % 65536) / 4})
    os.write(fed, f"{t}\\n".encode())
    n += 1
    time.sleep(0.001)
"""

CHANCE = random.Random(7)
KILLED_AFTER = [0.1, *(CHANCE.uniform(1.1, 2.1) for _ in range(3))]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("after", KILLED_AFTER, ids=lambda after: f"{after:.2f}s")
def test_at_most_one_second_is_lost(tmp_path: Path, after: float) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    time.sleep(after)
    killed_at = time.monotonic()
    os.kill(child.pid, signal.SIGKILL)
    child.wait(20)
    child.stdout.close()
    fed = [float(line) for line in (tmp_path / "fed").read_text("ascii").splitlines()]
    older = sum(t < killed_at - 1.0 for t in fed)

    library = RecordingLibrary(tmp_path / "home")
    recovered = library.recover()
    if not recovered:
        assert older == 0
        assert library.list() == ()
        return
    (id,) = recovered
    (label,) = library.list()
    assert (label.id, label.vin, label.running) == (id, "1HGCM82633A004352", False)
    events = list(library.events(id))
    replies = [event for event in events if isinstance(event, Reply)]
    numbers = [int.from_bytes(reply.payload[2:], "big") for reply in replies]
    assert numbers == list(range(len(numbers))), "nothing is missing, nothing came twice"
    assert len(numbers) >= older
    began = library.session(id).start_monotonic
    assert [reply.t for reply in replies[:older]] == pytest.approx([t - began for t in fed[:older]], abs=1e-6)
    values = [event.t for event in events if isinstance(event, Values)]
    assert values == [reply.t for reply in replies][: len(values)]
    assert len(replies) - len(values) <= 1
    assert library.verify(id).ok
    assert library.recover() == (), "there is nothing left to do"
    assert not (tmp_path / "home" / "recordings" / id / JOURNAL).exists()


def leave(home: Path, rows: int, *, roll_bytes: int = 1 << 20) -> str:
    """A session as a killed terminal leaves it; made by a child that ends without stopping."""
    code = f"""
import os, sys, time
from pathlib import Path
from core.diagnostics.library import RecordingLibrary
from core.diagnostics.recording import Recorder, SessionMeta
recorder = Recorder(Path(sys.argv[1]), sync_s=0.002, roll_bytes={roll_bytes})
recorder.start(SessionMeta(vehicle="Accord"))
for n in range({rows}):
    recorder.state(recorder.began + n, str(n))
    if n % 10 == 0:
        time.sleep(0.004)
library = RecordingLibrary(Path(sys.argv[1]))
while not library.list() or sum(1 for _ in library.events(recorder.session)) < {rows}:
    time.sleep(0.005)
print(recorder.session, flush=True)
os._exit(1)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(home)], capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    home = tmp_path_factory.mktemp("left") / "home"
    return home, leave(home, 200)


@pytest.fixture
def leftover(left_behind: tuple[Path, str], tmp_path: Path) -> tuple[str, bytes]:
    """In ``tmp_path``: a session of 200 rows, all of them in its journal; its id, and the journal's bytes."""
    shutil.copytree(left_behind[0], tmp_path, dirs_exist_ok=True)
    return left_behind[1], (tmp_path / "recordings" / left_behind[1] / JOURNAL).read_bytes()


def numbers_in(home: Path, id: str) -> list[int]:
    return [int(event.text) for event in RecordingLibrary(home).events(id) if isinstance(event, State)]


def test_a_torn_journal_is_cut_at_its_last_good_frame(tmp_path: Path, leftover: tuple[str, bytes]) -> None:
    """At every length the file may have been left with, and with the zeros some file systems leave behind."""
    id, whole = leftover
    journal = tmp_path / "recordings" / id / JOURNAL
    shortest = None
    for cut in sorted({*random.Random(3).sample(range(len(whole)), 20), len(whole)}):
        for tail in (b"", b"\0" * 64, b"\xff" * 9):
            journal.write_bytes(whole[:cut] + tail)
            numbers = numbers_in(tmp_path, id)
            assert numbers == list(range(len(numbers)))
            shortest = len(numbers) if shortest is None else shortest
            assert len(numbers) >= shortest, "more bytes never give fewer rows"
            shortest = len(numbers)
    assert shortest == 200


def test_a_flipped_byte_in_the_journal_costs_what_follows_but_nothing_before(
    tmp_path: Path, leftover: tuple[str, bytes]
) -> None:
    id, whole = leftover
    middle = len(whole) // 2
    (tmp_path / "recordings" / id / JOURNAL).write_bytes(
        whole[:middle] + bytes([whole[middle] ^ 0x40]) + whole[middle + 1 :]
    )
    library = RecordingLibrary(tmp_path)
    assert library.recover() == (id,)
    numbers = numbers_in(tmp_path, id)
    assert 0 < len(numbers) < 200
    assert numbers == list(range(len(numbers)))


def test_a_cut_between_chunk_and_new_journal_doubles_nothing(tmp_path: Path, leftover: tuple[str, bytes]) -> None:
    id, old = leftover
    library = RecordingLibrary(tmp_path)
    assert library.recover() == (id,)
    (tmp_path / "recordings" / id / JOURNAL).write_bytes(old)  # as if the cut had come before it was removed
    assert numbers_in(tmp_path, id) == list(range(200))
    assert library.recover() == (id,)
    assert numbers_in(tmp_path, id) == list(range(200))


def test_a_lost_index_is_made_again_from_chunks_and_journal(tmp_path: Path) -> None:
    id = leave(tmp_path, 600, roll_bytes=1)
    index = tmp_path / "recordings" / id / "index.json"
    assert len(RecordingLibrary(tmp_path).session(id).chunks) > 3
    for damage in (b"", b"{}", index.read_bytes().replace(b'"Accord"', b'"Akkord"')):
        index.write_bytes(damage)
        library = RecordingLibrary(tmp_path)
        assert not library.verify(id).ok
        assert library.session(id).meta.vehicle == "Accord"
        assert numbers_in(tmp_path, id) == list(range(600))
    index.unlink()
    assert RecordingLibrary(tmp_path).recover() == (id,)
    assert numbers_in(tmp_path, id) == list(range(600))
    assert len(list(index.parent.glob("index.json.damaged-*"))) == 3


@pytest.mark.parametrize("left", ["folder", "index"])
def test_a_session_cut_before_anything_was_recorded_is_cleared_away(
    tmp_path: Path, leftover: tuple[str, bytes], left: str
) -> None:
    id, _ = leftover
    folder = tmp_path / "recordings" / id
    (folder / JOURNAL).unlink()
    if left == "folder":
        (folder / "index.json").unlink()
    library = RecordingLibrary(tmp_path)
    assert library.recover() == ()
    assert not folder.exists()
    assert library.list() == ()
