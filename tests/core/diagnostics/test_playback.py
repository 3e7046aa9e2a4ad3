"""A recording plays like the car it was: same decoder, same store, same states, at any speed and from any moment."""

import math
import struct
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.diagnostics.alarms import AlarmBook, AlarmChange, AlarmChanged
from core.diagnostics.chunks import Event, Gap, Reply, State, Values
from core.diagnostics.library import RecordingLibrary
from core.diagnostics.playback import Playback, state_of
from core.diagnostics.profiles import ProfileStore
from core.diagnostics.recording import Recorder
from core.diagnostics.session import SessionMeta
from core.diagnostics.source import Source
from core.obd.gaps import GapKind
from core.obd.signals import SIGNALS
from core.obd.status import LinkState, Trouble
from core.obd.store import Signals
from tests.core.diagnostics.a_drive import META, drive, feed, record, record_in_parts

Content = dict[str, tuple[list[float], list[float], str]]


def content(signals: Signals) -> Content:
    """Everything a store holds, by key."""
    found: Content = {}
    for key in signals.keys():  # noqa: SIM118 - a method of the store
        times, values = signals.window(key, -math.inf, math.inf)
        latest = signals.latest(key)
        assert latest is not None
        assert (latest.t, latest.value) == (times[-1], values[-1])
        assert signals.count(key) == times.size
        found[key] = (times.tolist(), values.tolist(), latest.ecu)
    return found


def lived(events: list[Event]) -> Content:
    """What the live store held at the end of these events: their values, as the link wrote them."""
    live = Signals()
    for event in events:
        if isinstance(event, Values):
            for name, value in event.values.items():
                live.write(name, event.t, value, event.ecu)
    return content(live)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> RecordingLibrary:
    return RecordingLibrary(tmp_path_factory.mktemp("played"))


@pytest.fixture(scope="module")
def id(library: RecordingLibrary) -> str:
    return record_in_parts(library._home, list(drive()), 5)


def test_it_is_a_source(library: RecordingLibrary, id: str) -> None:
    with library.open(id, by_hand=True) as playback:
        source: Source = playback
        source.watch("screen", {"engine_speed": 10.0})
        assert source.now() == 0.0
        assert set(source.available()) == {
            "engine_speed", "vehicle_speed", "engine_load", "coolant_temperature", "distance_driven",
        }  # fmt: skip
        assert source.profile.vin == META.vin


def test_at_the_end_the_store_holds_what_the_car_gave(library: RecordingLibrary, id: str) -> None:
    """Replies the link did not believe (a late one of 16,383 rpm) are not shown; a second ECU keeps its own key."""
    with library.open(id, by_hand=True) as playback:
        playback.seek(playback.duration)
        held = content(playback.signals)
    assert held == lived(list(drive()))
    assert "coolant_temperature@7E8" in held
    assert max(held["engine_speed"][1]) < 4000


@pytest.mark.parametrize("parts", [1, 2, 7, 100])
def test_however_it_was_cut_it_plays_the_same(tmp_path: Path, parts: int) -> None:
    """Also where a cut falls between a reply and its values."""
    library = RecordingLibrary(tmp_path)
    with library.open(record_in_parts(tmp_path, list(drive()), parts), by_hand=True) as playback:
        playback.seek(playback.duration)
        assert content(playback.signals) == lived(list(drive()))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([0.1, 0.5, 1.0, 7.3, 100.0]), st.floats(0.001, 3.0)), min_size=1, max_size=30),
    st.lists(st.floats(-5, 15), max_size=6),
)
def test_at_any_speed_and_after_any_seeking_it_ends_with_the_same_store(
    library: RecordingLibrary, id: str, steps: list[tuple[float, float]], seeks: list[float]
) -> None:
    with library.open(id, by_hand=True) as playback:
        for t in seeks:
            playback.seek(t)
            assert 0 <= playback.position <= playback.duration
        playback.play()
        for speed, dt in steps:
            playback.speed = speed
            playback.advance(dt)
        playback.speed = math.inf
        playback.play()
        playback.advance(0.001)
        playback.seek(playback.duration)
        assert not playback.playing
        assert content(playback.signals) == lived(list(drive()))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.floats(0, 10), min_size=1, max_size=8))
def test_nothing_later_than_the_position_is_ever_in_the_store(
    library: RecordingLibrary, id: str, seeks: list[float]
) -> None:
    whole = lived(list(drive()))
    with library.open(id, by_hand=True) as playback:
        for t in seeks:
            playback.seek(t)
            held = content(playback.signals)
            for key, (times, values, ecu) in whole.items():
                until = int(np.searchsorted(times, t, side="right"))
                if until:
                    assert held.pop(key) == (times[:until], values[:until], ecu)
            assert held == {}
            span = playback.signals.span()
            assert span is None or span[1] <= t


def test_going_back_shows_the_past_again_and_the_store_says_that_it_changed(library: RecordingLibrary, id: str) -> None:
    with library.open(id, by_hand=True) as playback:
        playback.seek(4.0)
        before, revision = content(playback.signals), playback.signals.revision
        playback.seek(9.0)
        assert content(playback.signals) != before
        assert playback.signals.revision != revision
        playback.seek(4.0)
        assert content(playback.signals) == before


def test_chunks_are_read_only_when_their_time_comes(library: RecordingLibrary, id: str) -> None:
    with library.open(id, by_hand=True) as playback:
        assert playback._timeline._next == 1
        playback.seek(5.0)
        assert 1 < playback._timeline._next < 5
        playback.seek(0.0)
        playback.seek(playback.duration)
        assert playback._timeline.complete


def test_speed_moves_the_clock_and_pause_stops_it(library: RecordingLibrary, id: str) -> None:
    with library.open(id, by_hand=True) as playback:
        playback.advance(1.0)
        assert playback.position == 0.0, "it is not playing yet"
        playback.play()
        playback.advance(1.0)
        playback.speed = 2.0
        playback.advance(1.0)
        assert playback.now() == playback.position == 3.0
        playback.pause()
        playback.advance(1.0)
        assert playback.position == 3.0
        playback.play()
        playback.advance(60.0)
        assert (playback.position, playback.playing) == (playback.duration, False)
        playback.play()
        assert (playback.position, playback.playing) == (0.0, True), "from the beginning again"


@pytest.mark.parametrize("speed", [0.0, 0.09, 101.0, -1.0, math.nan])
def test_other_speeds_are_refused_in_words(library: RecordingLibrary, id: str, speed: float) -> None:
    with library.open(id, by_hand=True) as playback, pytest.raises(ValueError, match=r"0\.1 to 100"):
        playback.speed = speed


def test_it_plays_by_itself_on_its_own_thread_and_ends_it(library: RecordingLibrary, id: str) -> None:
    threads = threading.active_count()
    with library.open(id) as playback:
        playback.speed = 100.0
        playback.play()
        end = time.monotonic() + 20
        while playback.playing:
            assert time.monotonic() < end
            time.sleep(0.005)
        assert playback.position == playback.duration
        assert content(playback.signals) == lived(list(drive()))
    assert threading.active_count() == threads


def test_the_link_is_shown_as_it_was(library: RecordingLibrary, id: str) -> None:
    with library.open(id, by_hand=True) as playback:
        playback.seek(9.9)
        status = playback.status()
        assert (status.state, status.trouble, status.since) == (LinkState.CONNECTED, Trouble.NONE, 0.0)
        assert (status.vin, status.protocol, status.address) == (META.vin, META.protocol, META.address)
        assert [ecu.id for ecu in status.ecus] == ["7E8", "7E9"]
        assert status.ecus[0].supported == {4, 5, 12, 13}
        assert status.hz["engine_speed"] == pytest.approx(10.0, rel=0.1)
        assert status.values_per_second == pytest.approx(34.0, rel=0.1)
        assert status.gaps == {GapKind.REFUSED: 5, GapKind.LATE: 3}
        playback.seek(playback.duration)
        assert (playback.status().state, playback.status().trouble) == (LinkState.STALE, Trouble.CAR_SILENT)
        playback.seek(0.5)
        assert playback.status().gaps == {}


def test_recorded_states_are_read_as_the_engine_writes_them() -> None:
    for state in LinkState:
        for trouble in Trouble:
            text = f"{state}: {trouble}" if trouble else str(state)
            assert state_of(text) == (state, trouble, "")
    assert state_of("connected: by Bluetooth") == (LinkState.CONNECTED, Trouble.NONE, "by Bluetooth")
    assert state_of("anything else") == (LinkState.CONNECTED, Trouble.NONE, "anything else")


def test_the_vehicles_own_profile_comes_with_it(tmp_path: Path) -> None:
    id = record(tmp_path)
    profiles = ProfileStore(tmp_path)
    profile = profiles.for_vin(META.vin)
    profile.layout = {"gauges": ["engine_speed"]}
    profiles.save(profile)
    with RecordingLibrary(tmp_path, profiles=profiles).open(id, by_hand=True) as playback:
        assert playback.profile == profile


def test_alarms_follow_a_recording_like_a_car(tmp_path: Path) -> None:
    rpm = [800.0, 6500.0, 6600.0, 800.0]
    events: list[Event] = []
    for n, value in enumerate(rpm):
        events.append(Reply(float(n), "7E8", b"\x01\x0c", b"\x41\x0c" + struct.pack(">H", round(value * 4))))
        events.append(Values(float(n), "7E8", {"engine_speed": value}))
    told: list[AlarmChanged] = []
    book = AlarmBook()
    book.subscribe(told.append)
    with RecordingLibrary(tmp_path).open(record(tmp_path, events), by_hand=True) as playback:
        playback.play()
        while playback.playing:
            playback.advance(0.3)
            book.evaluate(playback.signals, playback.now())
    assert [one.change for one in told] == [AlarmChange.RAISED, AlarmChange.CLEARED]
    assert told[-1].alarm.peak == 6600.0


def test_without_recorded_values_every_reply_that_answers_its_question_counts(tmp_path: Path) -> None:
    events: list[Event] = [
        Reply(1.0, "7E8", b"\x01\x0c", b"\x41\x0c\x1a\xf8"),
        Reply(2.0, "7E8", b"\x01\x0c", b"\x7f\x01\x12"),
        Reply(3.0, "7E8", b"\x01\x0c", b"\x41\x0d\x20"),
        Reply(4.0, "7E8", b"\x09\x02", b"\x49\x02\x01\x31"),
        Reply(5.0, "7E8", b"\x01\x0c", b"\x41\x0c\x1a"),
        Reply(6.0, "7E8", b"", b""),
    ]
    with RecordingLibrary(tmp_path).open(record(tmp_path, events), by_hand=True) as playback:
        playback.seek(10)
        assert content(playback.signals) == {"engine_speed": ([1.0], [1726.0], "7E8")}
        assert playback.available() == ("engine_speed",)


def test_what_a_reply_says_comes_from_its_bytes_not_from_what_was_recorded_beside_it(tmp_path: Path) -> None:
    """A decoder that was wrong when the drive was recorded is mended for old recordings too."""
    events: list[Event] = [
        Reply(1.0, "7E8", b"\x01\x0c", b"\x41\x0c\x1a\xf8"),
        Values(1.0, "7E8", {"engine_speed": 6.5, "distance_driven": 3.0}),
    ]
    with RecordingLibrary(tmp_path).open(record(tmp_path, events), by_hand=True) as playback:
        playback.seek(1.0)
        assert content(playback.signals) == {
            "engine_speed": ([1.0], [1726.0], "7E8"),
            "distance_driven": ([1.0], [3.0], "7E8"),
        }
    assert SIGNALS["distance_driven"].pid is None


def test_a_recording_of_nothing_but_trouble_plays_too(tmp_path: Path) -> None:
    events: list[Event] = [State(0.0, "bus asleep: ignition off"), Gap(2.0, "no_data", ""), Gap(2.5, "unheard of", "")]
    with RecordingLibrary(tmp_path).open(record(tmp_path, events, meta=SessionMeta()), by_hand=True) as playback:
        playback.seek(3)
        assert playback.available() == ()
        assert playback.signals.span() is None
        assert playback.signals.latest("engine_speed") is None
        status = playback.status()
        assert (status.state, status.adapter, status.ecus) == (LinkState.BUS_ASLEEP, None, ())
        assert status.gaps == {GapKind.NO_DATA: 1}


def test_a_recording_cannot_be_written_to(library: RecordingLibrary, id: str) -> None:
    with library.open(id, by_hand=True) as playback, pytest.raises(TypeError):
        playback.signals.write("engine_speed", 1.0, 1.0, "7E8")


def test_readers_on_other_threads_see_a_consistent_store(library: RecordingLibrary, id: str) -> None:
    with library.open(id) as playback:
        playback.speed = 20.0
        playback.play()
        for _ in range(300):
            times, values = playback.signals.window("engine_speed", -math.inf, math.inf)
            assert times.size == values.size
            assert (np.diff(times) > 0).all()
            playback.status()
            playback.seek(5.0 + math.sin(time.monotonic()))


def test_the_same_drive_recorded_live_plays_the_same(tmp_path: Path) -> None:
    """Through the recorder's own threads and clock, not cut by hand."""
    recorder = Recorder(tmp_path, sync_s=0.002, roll_bytes=4096)
    id = recorder.start(replace(META, vehicle="Live"))
    for event in drive():
        feed(recorder, event)
    assert recorder.stop(20)
    with RecordingLibrary(tmp_path).open(id, by_hand=True) as playback:
        assert isinstance(playback, Playback)
        playback.seek(playback.duration)
        assert content(playback.signals) == lived(list(drive()))
