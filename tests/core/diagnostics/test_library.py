"""The recordings of a terminal: listed, checked to the byte, deleted only when somebody says so."""

import hashlib
import os
import random
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.diagnostics.chunks import Chunk, ChunkBuilder, Event, Reply, State, Values, row_of
from core.diagnostics.files import NoticeKind, StorageNotice
from core.diagnostics.library import RecordingBusy, RecordingLibrary, RecordingMissing
from core.diagnostics.profiles import ProfileStore
from core.diagnostics.recording import Recorder
from core.diagnostics.session import ChunkEntry, SessionIndex, SessionMeta
from tests.core.diagnostics.a_drive import META, drive, feed, record, record_in_parts


def test_an_empty_terminal_has_no_recordings(tmp_path: Path) -> None:
    library = RecordingLibrary(tmp_path / "not made yet")
    assert library.list() == ()
    assert library.recover() == ()
    assert library.usage().total == 0
    assert library.usage().free > 0


def test_recordings_are_listed_newest_first_with_what_a_person_asks_for(tmp_path: Path) -> None:
    for day in range(3):
        recorder = Recorder(tmp_path, sync_s=0.005, wall=lambda day=day: 1_790_000_000.0 + 86_400 * day)  # type: ignore[misc]
        recorder.start(replace(META, vehicle=f"Car {day}"))
        for event in drive(2, can=day == 1):
            feed(recorder, event)
        assert recorder.stop()
    newest, middle, _ = RecordingLibrary(tmp_path).list()
    assert [one.vehicle for one in RecordingLibrary(tmp_path).list()] == ["Car 2", "Car 1", "Car 0"]
    assert newest.started.timestamp() == 1_790_000_000 + 2 * 86_400
    assert (newest.duration, newest.vin, newest.running, newest.frames) == (2.0, META.vin, False, 0)
    assert "engine_speed" in newest.signals
    assert newest.size > 0
    assert middle.frames == 40


def test_a_vehicle_without_a_name_is_listed_by_its_vin_or_as_unknown(tmp_path: Path) -> None:
    record(tmp_path, [State(0.0, "connected")], meta=SessionMeta(vin="1HGCM82633A004352"))
    record(tmp_path, [State(0.0, "connected")], meta=SessionMeta())
    assert {one.vehicle for one in RecordingLibrary(tmp_path).list()} == {"1HGCM82633A004352", "Unknown vehicle"}


def test_a_vehicle_named_after_it_was_recorded_is_listed_by_its_name(tmp_path: Path) -> None:
    record(tmp_path, [State(0.0, "connected")], meta=SessionMeta(vin="1HGCM82633A004352", vehicle="1HGCM82633A004352"))
    profiles = ProfileStore(tmp_path)
    library = RecordingLibrary(tmp_path, profiles=profiles)
    assert [one.vehicle for one in library.list()] == ["1HGCM82633A004352"]
    assert profiles.all() == (), "looking at a list makes no profiles"
    profiles.change(profiles.for_vin("1HGCM82633A004352").id, lambda profile: setattr(profile, "name", "Mrs Ott"))
    assert [(one.vehicle, one.vin) for one in library.list()] == [("Mrs Ott", "1HGCM82633A004352")]


def test_the_recording_being_made_is_listed_and_can_be_played_as_far_as_it_is_on_the_disk(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, sync_s=0.005)
    id = recorder.start(META)
    events = list(drive(3))
    for event in events:
        feed(recorder, event)
    library = RecordingLibrary(tmp_path)
    end = time.monotonic() + 20
    while not library.list() or len(list(library.events(id))) < len(events):
        assert time.monotonic() < end
        time.sleep(0.005)
    (label,) = library.list()
    assert label.running
    assert label.size > 0
    assert list(library.events(id)) == events
    with library.open(id, by_hand=True) as playback:
        playback.seek(playback.duration)
        assert playback.signals.latest("engine_speed") is not None
    assert library.recover() == (), "nothing was left behind: it is being made"
    with pytest.raises(RecordingBusy):
        library.delete(id)
    assert recorder.stop()
    assert not library.list()[0].running


@pytest.mark.parametrize("id", ["nothing", "", "..", "../profiles", ".deleted-x"])
def test_a_recording_that_is_not_there_is_said(tmp_path: Path, id: str) -> None:
    record(tmp_path)
    library = RecordingLibrary(tmp_path)
    for ask in (library.session, library.open, library.verify, library.delete, lambda id: list(library.events(id))):
        with pytest.raises(RecordingMissing):
            ask(id)


def test_a_good_recording_is_verified_value_by_value(tmp_path: Path) -> None:
    report = RecordingLibrary(tmp_path).verify(record(tmp_path, list(drive(30)), roll_bytes=1))
    assert report.ok, report
    assert report.replies > 300
    assert report.values == 30 * 10 * 3 + 2 * 60
    assert report.problems == ()


def test_a_flipped_bit_anywhere_in_a_recording_is_found(tmp_path: Path) -> None:
    id = record(tmp_path, list(drive(2)))
    library = RecordingLibrary(tmp_path)
    chance = random.Random(11)
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size]
    assert len(files) == 2, "index and one chunk"
    for path in files:
        whole = path.read_bytes()
        for at in chance.sample(range(len(whole) * 8), 40):
            changed = bytearray(whole)
            changed[at // 8] ^= 1 << at % 8
            path.write_bytes(changed)
            assert not library.verify(id).ok, f"bit {at} of {path.name}"
            path.write_bytes(whole)
    assert library.verify(id).ok


def test_a_missing_part_is_found_and_the_rest_still_plays(tmp_path: Path) -> None:
    id = record_in_parts(tmp_path, list(drive(10)), 4)
    library = RecordingLibrary(tmp_path)
    chunks = library.session(id).chunks
    (tmp_path / "files" / chunks[1].sha256[:2] / chunks[1].sha256).unlink()
    report = library.verify(id)
    assert not report.ok
    assert len(report.problems) == 1
    assert "Part 2" in report.problems[0]
    with library.open(id, by_hand=True) as playback:
        playback.seek(playback.duration)
        assert len(playback.damaged) == 1
        times, _ = playback.signals.window("engine_speed", 0, 100)
        assert times[0] < chunks[1].first / 1e6
        assert times[-1] > chunks[1].last / 1e6


def test_a_value_that_its_raw_reply_does_not_say_is_found(tmp_path: Path) -> None:
    good = Reply(1.0, "7E8", b"\x01\x0c", b"\x41\x0c\x1a\xf8")
    events: list[Event] = [
        good, Values(1.0, "7E8", {"engine_speed": 1726.0}),
        good._replace(t=2.0), Values(2.0, "7E8", {"engine_speed": 1727.0}),
        Values(3.0, "7E8", {"engine_speed": 1726.0}),
    ]  # fmt: skip
    report = RecordingLibrary(tmp_path).verify(record(tmp_path, events))
    assert not report.ok
    assert (report.values, report.different) == (3, 2)
    assert [(found.t, found.recorded, found.decoded) for found in report.differences] == [
        (2.0, 1727.0, 1726.0),
        (3.0, 1726.0, None),
    ]


def test_a_part_put_in_anothers_place_is_found(tmp_path: Path) -> None:
    """Its bytes match its name, but it is not what the index says."""
    library = RecordingLibrary(tmp_path)
    id = record(tmp_path, list(drive(2)))
    index = library.session(id)
    builder = ChunkBuilder()
    for event in drive(1):
        builder.add(row_of(event))
    data, _ = builder.encode(index.head() | {"seq": 0})
    name = hashlib.sha256(data).hexdigest()
    (tmp_path / "files" / name[:2]).mkdir(exist_ok=True)
    (tmp_path / "files" / name[:2] / name).write_bytes(data)
    replace(index, chunks=(replace(index.chunks[0], sha256=name),)).save(tmp_path / "recordings" / id)
    assert not library.verify(id).ok


def test_only_what_is_deleted_goes_and_it_goes_wholly(tmp_path: Path) -> None:
    keep, go = record(tmp_path), record(tmp_path, list(drive(3)))
    library = RecordingLibrary(tmp_path)
    before = {path for path in (tmp_path / "files").rglob("*") if path.is_file()}
    library.delete(go)
    after = {path for path in (tmp_path / "files").rglob("*") if path.is_file()}
    assert len(before - after) == 1
    assert [one.id for one in library.list()] == [keep]
    assert library.verify(keep).ok
    assert [path.name for path in (tmp_path / "recordings").iterdir()] == [keep]


def test_a_deletion_that_was_cut_is_finished_at_the_next_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    id = record(tmp_path)
    library = RecordingLibrary(tmp_path)

    def cut(path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("shutil.rmtree", cut)
    with pytest.raises(KeyboardInterrupt):
        library.delete(id)
    monkeypatch.undo()
    assert library.list() == ()
    library.recover()
    assert list((tmp_path / "recordings").iterdir()) == []
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_usage_adds_up(tmp_path: Path) -> None:
    ids = {record(tmp_path), record(tmp_path, list(drive(3)))}
    usage = RecordingLibrary(tmp_path).usage()
    assert set(usage.sessions) == ids
    assert usage.total == sum(usage.sessions.values())
    assert usage.total == sum(path.stat().st_size for path in (tmp_path / "files").rglob("*") if path.is_file())


def test_nothing_is_deleted_by_age(tmp_path: Path) -> None:
    id = record(tmp_path)
    for path in tmp_path.rglob("*"):
        os.utime(path, (0, 0))
    library = RecordingLibrary(tmp_path)
    library.recover()
    library.usage()
    assert [one.id for one in library.list()] == [id]
    assert library.verify(id).ok


def test_a_damaged_index_is_kept_aside_and_said(tmp_path: Path) -> None:
    id = record(tmp_path)
    (tmp_path / "recordings" / id / "index.json").write_bytes(b"\x00" * 100)
    notices: list[StorageNotice] = []
    library = RecordingLibrary(tmp_path, on_notice=notices.append)
    assert [one.id for one in library.list()] == [id]
    assert [notice.kind for notice in notices] == [NoticeKind.DAMAGED]
    assert notices[0].path.read_bytes() == b"\x00" * 100


def test_a_disk_that_refuses_at_the_start_is_said_and_does_not_hold_up_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = record(tmp_path)
    index = SessionIndex.load(tmp_path / "recordings" / id)
    replace(index, closed=False).save(tmp_path / "recordings" / id)
    notices: list[StorageNotice] = []

    def refuse(index: SessionIndex, folder: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(SessionIndex, "save", refuse)
    assert RecordingLibrary(tmp_path, on_notice=notices.append).recover() == ()
    assert [notice.kind for notice in notices] == [NoticeKind.NOT_WRITABLE]
    monkeypatch.undo()
    assert RecordingLibrary(tmp_path).recover() == (id,)


def test_a_folder_that_is_no_recording_is_left_alone_by_the_list(tmp_path: Path) -> None:
    id = record(tmp_path)
    (tmp_path / "recordings" / "notes").mkdir()
    (tmp_path / "recordings" / "notes" / "index.json").write_text("hello", "utf-8")
    library = RecordingLibrary(tmp_path)
    assert [one.id for one in library.list()] == [id]
    assert (tmp_path / "recordings" / "notes" / "index.json").read_text("utf-8") == "hello"


def test_an_index_tells_a_chunk_as_the_chunk_tells_itself(tmp_path: Path) -> None:
    id = record(tmp_path)
    index = SessionIndex.load(tmp_path / "recordings" / id)
    entry = index.chunks[0]
    data = (tmp_path / "files" / entry.sha256[:2] / entry.sha256).read_bytes()
    assert ChunkEntry.of(entry.sha256, len(data), Chunk.from_bytes(data).head) == entry
