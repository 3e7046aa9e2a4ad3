"""From a payload to the text an adapter prints: CAN frames (ISO 15765-2), legacy messages, and their lines.

Lines are given without their end of line; a byte is two capital digits and, with spaces on, a space after each.
"""

from dataclasses import dataclass

SINGLE, FIRST, CONSECUTIVE = 0x0, 0x1, 0x2  # protocol control information, high digit (ISO 15765-2, 9.4)
LONGEST = 0xFFF


@dataclass(slots=True)
class Frame:
    """What came over the bus at ``at`` seconds: on CAN with control byte and padding, on a legacy bus data only.

    ``counted`` frames use up the expected-responses digit. ``remark`` is printed behind the data.
    """

    at: float
    ecu: int
    data: bytes
    counted: bool = True
    remark: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """How the adapter was told to print: AT H, S, CAF, D."""

    headers: bool
    spaces: bool
    formatting: bool
    dlc: bool


def can_frames(
    ecu: int, payload: bytes, at: float, frame_s: float, *, padding: int | None = None, flow_control: bool = True
) -> list[Frame]:
    """``payload`` as the frames a control unit sends, the first at ``at``.

    Consecutive frames follow after the adapter's flow control frame (block size and separation time 0) at intervals
    of ``frame_s``; without flow control only the first frame comes.
    """
    if len(payload) <= 7:
        return [Frame(at, ecu, _padded(bytes((len(payload),)) + payload, padding))]
    size = min(len(payload), LONGEST)
    frames = [Frame(at, ecu, bytes((FIRST << 4 | size >> 8, size & 0xFF)) + payload[:6])]
    if flow_control:
        for number, start in enumerate(range(6, size, 7), 1):
            data = bytes((CONSECUTIVE << 4 | number & 0xF,)) + payload[start : min(start + 7, size)]
            frames.append(Frame(at + (number + 1) * frame_s, ecu, _padded(data, padding)))
    return frames


def _padded(data: bytes, padding: int | None) -> bytes:
    return data if padding is None else data.ljust(8, bytes((padding,)))


def hex_text(data: bytes, spaces: bool) -> str:
    """``b"\\x41\\x0c"`` as ``"41 0C "`` or ``"410C"``."""
    return data.hex(" ").upper() + " " if spaces and data else data.hex().upper()


def can_lines(frame: Frame, wide: bool, view: View) -> list[str]:
    """The lines of one frame; ``wide`` for 29-bit identifiers.

    Without headers and with formatting on, a first frame prints the length on a line of its own and then ``0: …``
    (ELM327 data sheet, "Multiline Responses"), and a single frame only the bytes its control byte announces.
    """
    data = frame.data
    if view.headers:
        size = f"{len(data)} " if view.dlc and view.spaces else f"{len(data)}" if view.dlc else ""
        lines = [_can_id(frame.ecu, wide, view.spaces) + size + hex_text(data, view.spaces)]
    elif not view.formatting or not data:
        lines = [hex_text(data, view.spaces)]
    else:
        lines = _formatted(data, view.spaces)
    if frame.remark:
        lines[-1] += frame.remark
    return lines


def _formatted(data: bytes, spaces: bool) -> list[str]:
    kind, low = data[0] >> 4, data[0] & 0xF
    gap = " " if spaces else ""
    if kind == SINGLE:
        return [hex_text(data[1 : 1 + low], spaces)]
    if kind == FIRST:
        return [f"{low:X}{data[1]:02X}", f"0:{gap}{hex_text(data[2:], spaces)}"]
    if kind == CONSECUTIVE:
        return [f"{low:X}:{gap}{hex_text(data[1:], spaces)}"]
    return [hex_text(data, spaces)]


def _can_id(ecu: int, wide: bool, spaces: bool) -> str:
    if not wide:
        return f"{ecu:03X}" + (" " if spaces else "")
    return hex_text(ecu.to_bytes(4, "big"), spaces)


def legacy_line(frame: Frame, protocol: str, view: View) -> str:
    """The line of one J1850, ISO 9141 or KWP message; with headers on, header and checksum are shown too."""
    text = hex_text(frame.data, view.spaces)
    if view.headers:
        message = legacy_header(frame.ecu, len(frame.data), protocol) + frame.data
        check = crc8(message) if protocol in "12" else sum(message) & 0xFF
        text = hex_text(message + bytes((check,)), view.spaces)
    return text + frame.remark


def legacy_header(ecu: int, length: int, protocol: str) -> bytes:
    """Header of an answer to the tester (F1): SAE J1850 41 6B / 48 6B, ISO 9141-2 48 6B, KWP 80+length F1."""
    if protocol in "45":
        return bytes((0x80 | length & 0x3F, 0xF1, ecu & 0xFF))
    return bytes((0x41 if protocol == "1" else 0x48, 0x6B, ecu & 0xFF))


def crc8(message: bytes) -> int:
    """SAE J1850 cyclic redundancy check: polynomial 1D, start FF, inverted."""
    value = 0xFF
    for byte in message:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ 0x1D) & 0xFF if value & 0x80 else value << 1
    return value ^ 0xFF
