"""A chunk gives back exactly what was put in, in order, and notices a single changed byte."""

import math
import random
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.diagnostics.chunks import (
    FRAME,
    GAP,
    REPLY,
    STATE,
    VALUES,
    Chunk,
    ChunkBuilder,
    ChunkDamaged,
    ChunkFiles,
    Event,
    Frame,
    Gap,
    Reply,
    Row,
    State,
    Values,
    row_of,
)

HEAD = {"session": "s", "seq": 3}
moments = st.integers(-(10**6), 10**14)
ecus = st.sampled_from(["7E8", "7E9", "18DAF110", ""])
words = st.text(max_size=12)
numbers = st.floats(allow_nan=False) | st.integers(-1000, 1000).map(float)
named = st.dictionaries(st.sampled_from(["engine_speed", "vehicle_speed", "ämter", ""]), numbers, max_size=3)
rows: st.SearchStrategy[list[Row]] = st.lists(
    st.one_of(
        st.tuples(st.just(REPLY), moments, ecus, st.binary(max_size=7), st.binary(max_size=40)),
        st.builds(lambda t, e, v: (VALUES, t, e, tuple(v), tuple(v.values())), moments, ecus, named),
        st.tuples(st.just(GAP), moments, words, words),
        st.tuples(st.just(STATE), moments, words),
        st.tuples(st.just(FRAME), moments, st.integers(0, 2**29 - 1), st.integers(0, 3), st.binary(max_size=64)),
    ),
    max_size=60,
)


def chunk_of(rows: list[Row]) -> bytes:
    builder = ChunkBuilder()
    for row in rows:
        builder.add(row)
    return builder.encode(HEAD)[0]


@given(rows)
def test_whatever_is_put_in_comes_back_identical_and_in_order(rows: list[Row]) -> None:
    chunk = Chunk.from_bytes(chunk_of(rows))
    assert list(chunk.rows()) == rows
    assert chunk.head["session"] == "s"
    assert chunk.head["seq"] == 3
    assert sum(chunk.head["counts"].values()) == len(rows)
    if rows:
        assert chunk.head["first"] == min(row[1] for row in rows)
        assert chunk.head["last"] == max(row[1] for row in rows)


def test_events_say_what_they_are() -> None:
    events: list[Event] = [
        State(0.0, "connected"),
        Reply(0.012345, "7E8", b"\x01\x0c", b"\x41\x0c\x1a\xf8"),
        Values(0.012345, "7E8", {"engine_speed": 1726.0}),
        Gap(0.5, "no_data", "NO DATA"),
        Frame(0.6, 0x18DAF110, True, b"\x02\x01\x0c", True),
    ]
    chunk = Chunk.from_bytes(chunk_of([row_of(event) for event in events]))
    assert list(chunk.events()) == events
    assert chunk.head["signals"] == ["engine_speed"]
    assert chunk.head["values"] == 1


def test_a_value_that_is_not_a_number_comes_back_so() -> None:
    (row,) = Chunk.from_bytes(chunk_of([(VALUES, 0, "7E8", ("a", "b"), (math.nan, -math.inf))])).rows()
    assert math.isnan(row[4][0])
    assert row[4][1] == -math.inf


@settings(max_examples=60)
@given(st.data())
def test_one_flipped_bit_anywhere_is_noticed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    files = ChunkFiles(tmp_path_factory.getbasetemp() / "flip")
    name = files.put(
        chunk_of([(REPLY, n * 1000, "7E8", b"\x01\x0c", struct.pack(">BBH", 65, 12, n)) for n in range(50)])
    )
    whole = files.get(name)
    at = data.draw(st.integers(0, len(whole) * 8 - 1))
    changed = bytearray(whole)
    changed[at // 8] ^= 1 << at % 8
    files.path(name).write_bytes(changed)
    with pytest.raises(ChunkDamaged, match="do not match"):
        files.get(name)


@given(st.binary(max_size=200))
def test_no_bytes_whatever_break_the_reader(noise: bytes) -> None:
    whole = chunk_of([(STATE, 0, "connected")])
    for data in (noise, whole[:8] + noise, whole[: len(whole) // 2] + noise):
        with pytest.raises(ChunkDamaged):
            Chunk.from_bytes(data)


def test_a_file_lies_under_its_sha256_and_a_missing_one_is_said(tmp_path: Path) -> None:
    files = ChunkFiles(tmp_path)
    data = chunk_of([(STATE, 0, "connected")])
    name = files.put(data)
    assert files.put(data) == name
    assert (tmp_path / "files" / name[:2] / name).read_bytes() == data
    whole = files.path(name)
    whole.with_name(f".{name}.1a2b3c4d.new").write_bytes(whole.read_bytes())  # another one, half way to the disk
    assert [found[0] for found in files.heads()] == [name]
    with pytest.raises(ChunkDamaged, match="not there"):
        files.get("ab" + "0" * 62)


def test_other_files_in_the_folder_are_nobodys_recording(tmp_path: Path) -> None:
    files = ChunkFiles(tmp_path)
    (tmp_path / "files" / "ab").mkdir(parents=True)
    (tmp_path / "files" / "ab" / "photo").write_bytes(b"\xff\xd8\xff\xe0 a photo of a brake disc")
    (tmp_path / "files" / "ab" / "short").write_bytes(b"BL")
    assert list(files.heads()) == []


def test_a_typical_value_with_its_raw_reply_costs_few_bytes() -> None:
    """A size, not a time: six signals a batch at 20 Hz with jittering time stamps, as an STN adapter gives them."""
    chance = random.Random(5)
    builder, t, rpm = ChunkBuilder(), 0, 3000
    names = ("engine_speed", "vehicle_speed", "engine_load", "coolant_temperature", "throttle_position", "maf_air_flow")
    for n in range(20 * 60):
        t += 50_000 + chance.randint(-1500, 1500)
        rpm += chance.randint(-40, 40)
        speed, load, throttle, maf = 50 + n // 60, chance.randint(90, 110), chance.randint(40, 44), 900 + rpm // 20
        payload = struct.pack(">BBHBBBBBBBBBH", 65, 12, rpm, 13, speed, 4, load, 5, 130, 17, throttle, 16, maf)
        builder.add((REPLY, t, "7E8", b"\x01\x0c\x0d\x04\x05\x11\x10", payload))
        values = (rpm / 4, float(speed), load / 2.55, 90.0, throttle / 2.55, maf / 100)
        builder.add((VALUES, t, "7E8", names, values))
    data, head = builder.encode(HEAD)
    assert head["values"] == 7200
    assert len(data) / head["values"] < 3.0, "bytes a value, raw reply included"
