"""Lines an adapter prints: what is a message, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.obd.elm_lines import BareLines, CanLines, LegacyLines, crc8_j1850
from core.obd.gaps import GapKind


def can(*lines: str, expected: str | None = None, digits: int = 3) -> tuple[list[tuple[str, str]], list[GapKind]]:
    parsed = CanLines(digits).parse(list(lines), expected, 1.0)
    return [(m.ecu, m.payload.hex()) for m in parsed.messages], [kind for kind, _ in parsed.gaps]


def test_single_frames_with_and_without_padding_and_spaces() -> None:
    assert can("7E804410C1AF8") == ([("7E8", "410c1af8")], [])
    assert can("7E8 04 41 0C 1A F8 00 00 00") == ([("7E8", "410c1af8")], [])
    assert can("18DAF11004410C1AF8", digits=8) == ([("18DAF110", "410c1af8")], [])


def test_a_message_of_several_frames() -> None:
    vin = ("7E8 10 14 49 02 01 31 48 47", "7E8 21 43 4D 38 32 36 33 33", "7E8 22 41 30 30 34 33 35 32")
    messages, gaps = can(*vin)
    assert messages == [("7E8", "490201" + b"1HGCM82633A004352".hex())]
    assert gaps == []


def test_two_control_units_may_interleave_their_frames() -> None:
    messages, gaps = can(
        "7E8 10 0A 41 0C 1A F8 0D 32", "7E9 03 41 05 7B", "7E8 21 05 7B 11 80", "7E9 03 41 0F 40"
    )  # fmt: skip
    assert messages == [("7E9", "41057b"), ("7E8", "410c1af80d32057b1180"), ("7E9", "410f40")]
    assert gaps == []


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["NO DATA"], GapKind.NO_DATA),
        (["CAN ERROR"], GapKind.CAN_ERROR),
        (["BUS INIT: ...ERROR"], GapKind.BUS_INIT),
        (["BUS INIT: ERROR"], GapKind.BUS_INIT),
        (["BUFFER FULL"], GapKind.BUFFER_FULL),
        (["STOPPED"], GapKind.STOPPED),
        (["UNABLE TO CONNECT"], GapKind.NO_DATA),
        (["?"], GapKind.ADAPTER),
        (["7E804410C1AF8 <DATA ERROR"], GapKind.GARBLED),
        (["7E804410C1AF8 <RX ERROR"], GapKind.GARBLED),
        (["7E804410C1AF"], GapKind.GARBLED),  # a digit lost
        (["7E804410C1A"], GapKind.SHORT),  # a byte lost
        (["7E804410C1AF800"], GapKind.GARBLED),  # a byte too many
        (["7E804410C1#F8"], GapKind.GARBLED),
        (["+CONNECTING<<"], GapKind.GARBLED),
        (["7DF02010C"], GapKind.FOREIGN),  # our own request
        (["12304410C1AF8"], GapKind.FOREIGN),
        (["7E8 10 14 49 02 01 31 48 47", "7E8 21 43 4D 38 32 36 33 33"], GapKind.SHORT),  # the last frame is missing
        (["7E8 10 14 49 02 01 31 48 47", "7E8 22 41 30 30 34 33 35 32"], GapKind.GARBLED),  # out of order
        (["7E8 21 43 4D 38 32 36 33 33"], GapKind.GARBLED),  # no beginning
    ],
)
def test_everything_else_is_a_gap_and_never_a_message(lines: list[str], kind: GapKind) -> None:
    messages, gaps = can(*lines)
    assert messages == []
    assert gaps[0] is kind


def test_a_frame_of_an_ecu_nobody_asked_is_foreign() -> None:
    messages, gaps = can("7E904410C1AF8", "7E804410C1AF9", expected="7E8")
    assert (messages, gaps) == ([("7E8", "410c1af9")], [GapKind.FOREIGN])


def test_progress_is_not_a_gap() -> None:
    assert can("SEARCHING...", "7E8064100BE3FA813")[1] == []
    assert can("BUS INIT: ...OK", "7E8064100BE3FA813")[1] == []


def test_an_ecu_that_pads_its_frames_does_not_suddenly_stop() -> None:
    lines = CanLines(3)
    for _ in range(3):
        assert lines.parse(["7E804410C1AF8000000"], None, 0.0).messages
    assert not lines.parse(["7E804410C1AF8"], None, 0.0).messages


@given(st.binary(min_size=1, max_size=60), st.sampled_from([True, False]), st.data())
def test_lost_or_inserted_characters_never_make_another_message(
    payload: bytes, padded: bool, data: st.DataObject
) -> None:
    parser = CanLines(3)
    for _ in range(3):
        parser.parse(["7E803410540" + ("00000000" if padded else "")], None, 0.0)
    lines = frames("7E8", payload, padded)
    at = data.draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    cut = data.draw(st.integers(0, len(line) - 1))
    if data.draw(st.booleans()):
        size = data.draw(st.integers(1, 6))
        changed = line[:cut] + line[cut + size :]
    else:
        noise = data.draw(st.text("0123456789ABCDEF#+<. ", min_size=1, max_size=6))
        changed = line[:cut] + noise + line[cut:]
    if changed.replace(" ", "") == line:
        return  # blanks carry nothing
    parsed = parser.parse([*lines[:at], changed, *lines[at + 1 :]], None, 0.0)
    assert all(m.payload == payload for m in parsed.messages)


def frames(ecu: str, payload: bytes, padded: bool) -> list[str]:
    if len(payload) <= 7:
        parts = [bytes([len(payload)]) + payload]
    else:
        parts = [bytes([0x10 | len(payload) >> 8, len(payload) & 0xFF]) + payload[:6]]
        parts += [bytes([0x20 | (n + 1) & 15]) + payload[6 + 7 * n :][:7] for n in range(-(-(len(payload) - 6) // 7))]
    return [ecu + (part.ljust(8, b"\0") if padded else part).hex().upper() for part in parts]


def test_older_protocols_are_checked_by_their_checksum() -> None:
    iso = LegacyLines(crc=False)
    good = iso.parse(["48 6B 10 41 0C 1A F8 22"], None, 0.0)
    assert [(m.ecu, m.payload.hex()) for m in good.messages] == [("10", "410c1af8")]
    assert iso.parse(["48 6B 10 41 0C 1B F8 22"], None, 0.0).gaps[0][0] is GapKind.GARBLED
    raw = bytes.fromhex("416B10410C1AF8")
    pwm = LegacyLines(crc=True).parse([raw.hex().upper() + f"{crc8_j1850(raw):02X}"], None, 0.0)
    assert pwm.messages[0].payload.hex() == "410c1af8"


def test_the_crc_of_sae_j1850() -> None:
    # CRC-8/SAE-J1850 check value: the digits "123456789" give 4B.
    assert crc8_j1850(b"123456789") == 0x4B


def test_an_adapter_without_headers_still_gives_messages_but_no_ecu() -> None:
    parsed = BareLines().parse(["410C1AF8"], None, 0.0)
    assert [(m.ecu, m.payload.hex()) for m in parsed.messages] == [("", "410c1af8")]
    long = BareLines().parse(["00A", "0:410C1AF80D32", "1:057B1180000000"], None, 0.0)
    assert long.messages[0].payload.hex() == "410c1af80d32057b1180"
    assert BareLines().parse(["00A", "0:410C1AF80D32"], None, 0.0).gaps[0][0] is GapKind.SHORT
