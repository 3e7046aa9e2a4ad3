"""What a link gives a recorder comes back as it was given, and the link never waits for the disk."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.diagnostics.chunks import Event, Frame, Gap, Reply, State, Values
from core.diagnostics.files import FolderLock, NoticeKind, StorageNotice
from core.diagnostics.library import RecordingLibrary, RecordingMissing
from core.diagnostics.recording import NOT_RECORDED, Recorder
from core.diagnostics.session import JOURNAL, SessionIndex, SessionMeta
from tests.core.diagnostics.a_drive import BEGAN, BEGAN_WALL, META, drive, feed, record


def until(what: str, true: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until ``true()``; the time is generous, it is not what is tested."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.002)


def test_a_drive_comes_back_identical(tmp_path: Path) -> None:
    given = list(drive(can=True))
    id = record(tmp_path, given)
    assert list(RecordingLibrary(tmp_path).events(id)) == given


def test_a_drive_in_many_chunks_comes_back_identical(tmp_path: Path) -> None:
    given = list(drive(20))
    recorder = Recorder(tmp_path, sync_s=0.002, roll_bytes=1)
    id = recorder.start(META)
    library = RecordingLibrary(tmp_path)
    for n, event in enumerate(given):
        feed(recorder, event)
        if n % 400 == 0:
            until_chunks(library, id, n // 400 + 1)
    assert recorder.stop(20)
    assert _chunks(library, id) >= len(given) // 400
    assert list(library.events(id)) == given


def _chunks(library: RecordingLibrary, id: str) -> int:
    try:
        return len(library.session(id).chunks)
    except RecordingMissing:
        return 0


def until_chunks(library: RecordingLibrary, id: str, count: int) -> None:
    until("another chunk is there", lambda: _chunks(library, id) >= count)


moments = st.integers(0, 10**9).map(lambda us: us / 1e6)
ecus = st.sampled_from(["7E8", "18DAF110", ""])
events: st.SearchStrategy[list[Event]] = st.lists(
    st.one_of(
        st.builds(Reply, moments, ecus, st.binary(max_size=7), st.binary(max_size=30)),
        st.builds(Values, moments, ecus, st.dictionaries(st.text(max_size=5), st.floats(allow_nan=False), max_size=3)),
        st.builds(Gap, moments, st.sampled_from(["no_data", "late"]), st.text(max_size=9)),
        st.builds(State, moments, st.text(max_size=9)),
        st.builds(Frame, moments, st.integers(0, 2**29 - 1), st.booleans(), st.binary(max_size=8), st.booleans()),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(events)
def test_whatever_is_fed_comes_back_identical(tmp_path: Path, events: list[Event]) -> None:
    assert list(RecordingLibrary(tmp_path).events(record(tmp_path, events))) == events


def test_noise_that_is_no_text_is_kept_as_it_came(tmp_path: Path) -> None:
    """An adapter's noise decoded with surrogateescape has half characters in it, which UTF-8 does not."""
    noise = b"41 0C \xff\x80".decode("ascii", "surrogateescape")
    events: list[Event] = [Gap(0.5, "garbled", noise), State(1.0, noise)]
    id = record(tmp_path, events, meta=SessionMeta(adapter=noise))
    library = RecordingLibrary(tmp_path)
    assert list(library.events(id)) == events
    assert library.session(id).meta.adapter == noise
    assert library.verify(id).ok


def test_the_index_says_what_was_recorded_and_when(tmp_path: Path) -> None:
    id = record(tmp_path)
    index = RecordingLibrary(tmp_path).session(id)
    assert index.meta == META
    assert (index.start_utc_ms, index.start_monotonic) == (1_790_000_000_250, BEGAN)
    assert index.started.timestamp() == BEGAN_WALL
    assert index.duration == 10.0
    assert set(index.signals) == {
        "engine_speed", "vehicle_speed", "engine_load", "coolant_temperature", "distance_driven",
    }  # fmt: skip
    assert index.closed
    assert index.size == sum(path.stat().st_size for path in (tmp_path / "files").rglob("*") if path.is_file())
    assert not (tmp_path / "recordings" / id / JOURNAL).exists()


def test_what_becomes_known_later_is_kept(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, sync_s=0.005)
    id = recorder.start(SessionMeta(address="tcp://x"))
    recorder.state(recorder.began, "connected")
    recorder.describe(vin="1HGCM82633A004352")
    recorder.describe(protocol="K-line")
    assert recorder.stop()
    meta = RecordingLibrary(tmp_path).session(id).meta
    assert (meta.vin, meta.protocol, meta.address) == ("1HGCM82633A004352", "K-line", "tcp://x")


def test_a_session_in_which_nothing_happened_leaves_nothing_behind(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, sync_s=0.005)
    recorder.start()
    assert recorder.stop()
    assert list((tmp_path / "recordings").iterdir()) == []


def test_without_a_session_nothing_is_taken(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path)
    for event in drive(0.5, can=True):
        feed(recorder, event)
    assert recorder.stop()
    assert list(tmp_path.iterdir()) == []


def test_one_session_at_a_time_and_then_another(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, sync_s=0.005)
    first = recorder.start()
    with pytest.raises(RuntimeError):
        recorder.start()
    recorder.state(recorder.began, "one")
    assert recorder.stop()
    second = recorder.start()
    recorder.state(recorder.began, "two")
    assert recorder.stop()
    library = RecordingLibrary(tmp_path)
    assert [list(library.events(id)) for id in (first, second)] == [[State(0.0, "one")], [State(0.0, "two")]]


def test_every_byte_is_synced_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each write to the journal is followed by fsync of the same file, before the next write."""
    calls: list[tuple[str, int]] = []
    write, fsync = os.write, os.fsync

    def watched_write(handle: int, data: bytes) -> int:
        calls.append(("write", handle))
        return write(handle, data)

    def watched_fsync(handle: int) -> None:
        calls.append(("fsync", handle))
        fsync(handle)

    monkeypatch.setattr(os, "write", watched_write)
    monkeypatch.setattr(os, "fsync", watched_fsync)
    record(tmp_path)
    writes = [n for n, (what, _) in enumerate(calls) if what == "write"]
    assert writes
    assert all(calls[n + 1] == ("fsync", calls[n][1]) for n in writes)


class FailingDisk:
    """Lets every write and every new file fail with one error, until it is mended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
        self.broken = True
        self._number = number
        write, fsync = os.write, os.fsync

        def check() -> None:
            if self.broken:
                raise OSError(self._number, os.strerror(self._number))

        def failing_write(handle: int, data: bytes) -> int:
            if self.broken and len(data) > 20:
                write(handle, bytes(data)[:10])  # a disk that fills up takes the first part
            check()
            return write(handle, data)

        def failing_fsync(handle: int) -> None:
            check()
            fsync(handle)

        monkeypatch.setattr(os, "write", failing_write)
        monkeypatch.setattr(os, "fsync", failing_fsync)


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [
        (28, NoticeKind.DISK_FULL, "disk is full"),
        (30, NoticeKind.NOT_WRITABLE, "may be written"),
        (5, NoticeKind.DISK_ERROR, "keeps trying"),
    ],
)
def test_a_failing_disk_is_said_once_and_recording_goes_on_when_it_works_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: NoticeKind, said: str
) -> None:
    monkeypatch.setattr("core.diagnostics.session_writer.RETRY_S", 0.01)
    notices: list[StorageNotice] = []
    recorder = Recorder(tmp_path, sync_s=0.002, on_notice=notices.append)
    id = recorder.start(META)
    given: list[Event] = [State(0.0, "connected")]
    feed(recorder, given[0])
    until("the first row is on the disk", (tmp_path / "recordings" / id / JOURNAL).exists)
    disk = FailingDisk(monkeypatch, number)
    more = list(drive(3))
    for event in more:
        feed(recorder, event)
    until("the trouble is said", lambda: recorder.trouble is not None)
    time.sleep(0.05)  # several tries
    disk.broken = False
    until("it is said that all is well", lambda: recorder.trouble is None)
    for event in more:
        feed(recorder, event)
    assert recorder.stop()
    assert [notice.kind for notice in notices] == [kind, NoticeKind.RESTORED]
    assert said in notices[0].text
    assert recorder.dropped == 0
    assert list(RecordingLibrary(tmp_path).events(id)) == given + more + more


def test_a_disk_that_never_works_takes_nothing_from_the_link(tmp_path: Path) -> None:
    (tmp_path / "recordings").write_text("a file in the way", "utf-8")
    notices: list[StorageNotice] = []
    recorder = Recorder(tmp_path, sync_s=0.002, on_notice=notices.append, queue_rows=100)
    recorder.start(META)
    for event in drive(20):
        feed(recorder, event)
    until("the trouble is said", lambda: recorder.trouble is not None)
    assert recorder.stop()
    assert [notice.kind for notice in notices] == [NoticeKind.DISK_ERROR]
    assert recorder.dropped > 0


def test_a_slow_disk_never_makes_the_link_wait_and_the_recording_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, gate = threading.Event(), threading.Event()
    fsync = os.fsync

    def slow(handle: int) -> None:
        waiting.set()
        gate.wait(20)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", slow)
    notices: list[StorageNotice] = []
    recorder = Recorder(tmp_path, sync_s=0.002, on_notice=notices.append, queue_rows=100)
    id = recorder.start(META)
    recorder.state(recorder.began, "0")
    assert waiting.wait(20), "the disk holds everything up"
    for n in range(1, 5000):  # far more than the queue holds
        recorder.state(recorder.began + n, str(n))
    gate.set()
    until("the missing rows are said", lambda: bool(notices))
    recorder.state(recorder.began + 6000, "after")
    assert recorder.stop()
    assert [notice.kind for notice in notices] == [NoticeKind.DISK_SLOW]
    back = list(RecordingLibrary(tmp_path).events(id))
    kept = [event for event in back if isinstance(event, State)]
    (gap,) = [event for event in back if isinstance(event, Gap)]
    assert gap.kind == NOT_RECORDED
    assert int(gap.detail) == recorder.dropped == 4899
    assert notices[0].detail == gap.detail
    assert [event.text for event in kept] == [*map(str, range(101)), "after"]
    assert gap.t == 101
    assert back.index(gap) == len(back) - 2, "it stands where they are missing"


def test_stopping_does_not_wait_for_ever_and_a_late_writer_does_not_disturb_the_next_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    fsync = os.fsync

    def slow(handle: int) -> None:
        if threading.current_thread().name == "recorder" and not gate.is_set():
            gate.wait(20)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", slow)
    recorder = Recorder(tmp_path, sync_s=0.002)
    first = recorder.start()
    recorder.state(recorder.began, "one")
    assert not recorder.stop(timeout=0.05)
    second = recorder.start()
    recorder.state(recorder.began, "two")
    gate.set()
    assert recorder.stop(20)
    library = RecordingLibrary(tmp_path)
    until("the first is done too", lambda: [one.running for one in library.list()] == [False, False])
    assert [list(library.events(id)) for id in (first, second)] == [[State(0.0, "one")], [State(0.0, "two")]]


def test_a_folder_being_recorded_is_locked(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, sync_s=0.002)
    folder = tmp_path / "recordings" / recorder.start()
    recorder.state(recorder.began, "connected")
    until("the journal is there", (folder / JOURNAL).exists)
    assert not FolderLock(folder).take()
    assert recorder.stop()
    lock = FolderLock(folder)
    assert lock.take()
    lock.release()
    assert SessionIndex.load(folder).closed
