"""From the lines an ELM adapter prints to messages of ECUs, and to gaps for everything that is not one.

An ELM327 has no checksum on its serial side, so length is the only witness: a CAN line must be exactly as long as its
protocol control information says, or exactly a full eight-byte frame, and an ECU keeps to one of the two (ISO 15765-4
wants eight; some send less). Inserted, lost and foreign characters break that and become gaps.
"""

import re
from dataclasses import dataclass, field

from core.obd.gaps import GapKind
from core.obd.link import EcuMessage

COMPLAINTS: tuple[tuple[str, GapKind], ...] = (
    ("NODATA", GapKind.NO_DATA),
    ("CANERROR", GapKind.CAN_ERROR),
    ("BUSINIT", GapKind.BUS_INIT),
    ("BUFFERFULL", GapKind.BUFFER_FULL),
    ("STOPPED", GapKind.STOPPED),
    ("UNABLETOCONNECT", GapKind.NO_DATA),
    ("BUSBUSY", GapKind.ADAPTER),
    ("BUSERROR", GapKind.ADAPTER),
    ("FBERROR", GapKind.ADAPTER),
    ("DATAERROR", GapKind.GARBLED),
    ("RXERROR", GapKind.GARBLED),
    ("LVRESET", GapKind.ADAPTER),
    ("ACTALERT", GapKind.ADAPTER),
    ("LPALERT", GapKind.ADAPTER),
    ("ERR", GapKind.ADAPTER),
    ("?", GapKind.ADAPTER),
)
_HEX = re.compile(r"[0-9A-F]+")


@dataclass(slots=True)
class _Padding:
    """Whether an ECU's frames come cut to their length or padded to eight bytes; learned from what it sends."""

    exact: int = 0
    full: int = 0

    def fits(self, bytes_shown: int, needed: int) -> bool:
        if needed == 8:
            return bytes_shown == 8
        if bytes_shown not in (needed, 8):
            return False
        settled = self.exact + self.full >= 3 and self.exact != self.full
        if settled and (bytes_shown == 8) != (self.full > self.exact):
            return False
        if bytes_shown == 8:
            self.full += 1
        else:
            self.exact += 1
        return True


@dataclass(slots=True)
class _Assembly:
    """An ISO 15765-2 message under way."""

    length: int
    data: bytearray
    next_number: int = 1


@dataclass(slots=True)
class Parsed:
    """What one answer of the adapter held."""

    messages: list[EcuMessage] = field(default_factory=list)
    gaps: list[tuple[GapKind, str]] = field(default_factory=list)
    frames: int = 0
    complaints: list[GapKind] = field(default_factory=list)
    t: float = 0.0
    open: dict[str, _Assembly] = field(default_factory=dict)  # messages whose frames are still coming, by ECU


def complaint(line: str) -> GapKind | None:
    """The gap an adapter's own message stands for, or None when the line is not one."""
    squeezed = line.replace(" ", "").upper()
    if squeezed.startswith("BUSINIT") and squeezed.rstrip(".").endswith("OK"):
        return None
    for words, kind in COMPLAINTS:
        if words in squeezed and not _HEX.fullmatch(squeezed):
            return kind
    return None


def is_chatter(line: str) -> bool:
    """Progress that is no answer: SEARCHING..., BUS INIT: OK, a bare OK."""
    squeezed = line.replace(" ", "").replace(".", "").upper()
    return squeezed in ("SEARCHING", "OK", "") or (squeezed.startswith("BUSINIT") and squeezed.endswith("OK"))


class CanLines:
    """Parser for headers-on lines of protocols 6 to 9. ``id_digits`` is 3 (11 bit) or 8 (29 bit)."""

    def __init__(self, id_digits: int) -> None:
        self._digits = id_digits
        self._padding: dict[str, _Padding] = {}

    def parse(self, lines: list[str], expected: str | None, t: float) -> Parsed:
        """``expected`` is the ECU that was asked, None for all; other ECUs' frames become foreign gaps."""
        out = Parsed(t=t)
        for line in lines:
            kind = complaint(line)
            if kind is not None:
                out.gaps.append((kind, line))
                out.complaints.append(kind)
            elif not is_chatter(line):
                self._frame(line, expected, out)
        for ecu, assembly in out.open.items():
            out.gaps.append((GapKind.SHORT, f"{ecu}: {len(assembly.data)} of {assembly.length} bytes"))
        return out

    def _frame(self, line: str, expected: str | None, out: Parsed) -> None:
        digits = line.replace(" ", "")
        body = len(digits) - self._digits
        if not _HEX.fullmatch(digits) or body < 4 or body % 2 or body > 16:
            out.gaps.append((GapKind.GARBLED, line))
            return
        ecu, data = digits[: self._digits], bytes.fromhex(digits[self._digits :])
        if not is_response_id(ecu) or (expected is not None and ecu != expected):
            out.gaps.append((GapKind.FOREIGN, line))
            return
        kind = data[0] >> 4
        if kind == 0:
            self._single(ecu, data, line, out)
        elif kind == 1:
            self._first(ecu, data, line, out)
        elif kind == 2:
            self._consecutive(ecu, data, line, out)
        else:
            out.gaps.append((GapKind.FOREIGN if kind == 3 else GapKind.GARBLED, line))

    def _single(self, ecu: str, data: bytes, line: str, out: Parsed) -> None:
        length = data[0] & 0x0F
        if not 1 <= length <= 7 or not self._fits(ecu, len(data), 1 + length):
            out.gaps.append((GapKind.SHORT if len(data) < 1 + length else GapKind.GARBLED, line))
            return
        out.frames += 1
        out.messages.append(EcuMessage(ecu, data[1 : 1 + length], out.t))

    def _first(self, ecu: str, data: bytes, line: str, out: Parsed) -> None:
        length = (data[0] & 0x0F) << 8 | (data[1] if len(data) > 1 else 0)
        if len(data) != 8 or length < 8:
            out.gaps.append((GapKind.SHORT if len(data) < 8 else GapKind.GARBLED, line))
            return
        if ecu in out.open:
            out.gaps.append((GapKind.SHORT, f"{ecu}: a new message began before the last one ended"))
        out.frames += 1
        out.open[ecu] = _Assembly(length, bytearray(data[2:]))

    def _consecutive(self, ecu: str, data: bytes, line: str, out: Parsed) -> None:
        assembly = out.open.get(ecu)
        if assembly is None:
            out.gaps.append((GapKind.GARBLED, line))
            return
        left = assembly.length - len(assembly.data)
        needed = 1 + min(left, 7)
        number = data[0] & 0x0F
        if number != assembly.next_number & 0x0F or not self._fits(ecu, len(data), needed):
            repeated = number == (assembly.next_number - 1) & 0x0F
            out.gaps.append((GapKind.DUPLICATE if repeated else GapKind.GARBLED, line))
            del out.open[ecu]
            return
        out.frames += 1
        assembly.data += data[1:needed]
        assembly.next_number += 1
        if len(assembly.data) >= assembly.length:
            out.messages.append(EcuMessage(ecu, bytes(assembly.data), out.t))
            del out.open[ecu]

    def _fits(self, ecu: str, shown: int, needed: int) -> bool:
        return self._padding.setdefault(ecu, _Padding()).fits(shown, needed)


def is_response_id(ecu: str) -> bool:
    """Whether a CAN id is one an OBD ECU answers with: 7E8-7EF, 18DAF1xx (ISO 15765-4 clause 8)."""
    if len(ecu) == 3:
        return "7E8" <= ecu <= "7EF"
    return ecu.startswith("18DAF1")


class LegacyLines:
    """Parser for headers-on lines of ISO 9141-2, ISO 14230-4 and SAE J1850: three header bytes, data, checksum."""

    def __init__(self, crc: bool) -> None:
        self._crc = crc  # J1850 has a CRC-8, the K-line protocols a sum

    def parse(self, lines: list[str], expected: str | None, t: float) -> Parsed:
        """As ``CanLines.parse``; the ECU is the source byte of the header (``"10"``)."""
        out = Parsed()
        for line in lines:
            kind = complaint(line)
            if kind is not None:
                out.gaps.append((kind, line))
                out.complaints.append(kind)
            elif not is_chatter(line):
                self._line(line, expected, t, out)
        return out

    def _line(self, line: str, expected: str | None, t: float, out: Parsed) -> None:
        digits = line.replace(" ", "")
        if not _HEX.fullmatch(digits) or len(digits) % 2 or not 10 <= len(digits) <= 24:
            out.gaps.append((GapKind.GARBLED, line))
            return
        raw = bytes.fromhex(digits)
        check = crc8_j1850(raw[:-1]) if self._crc else sum(raw[:-1]) & 0xFF
        if raw[-1] != check:
            out.gaps.append((GapKind.GARBLED, line))
            return
        ecu = f"{raw[2]:02X}"
        if expected is not None and ecu != expected:
            out.gaps.append((GapKind.FOREIGN, line))
            return
        out.frames += 1
        out.messages.append(EcuMessage(ecu, raw[3:-1], t))


def crc8_j1850(data: bytes) -> int:
    """SAE J1850 clause 5.4: polynomial 0x1D, start 0xFF, inverted."""
    crc = 0xFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1) ^ 0x1D if crc & 0x80 else crc << 1
            crc &= 0xFF
    return crc ^ 0xFF


class BareLines:
    """Parser for adapters that will not show headers: who answered is unknown, so every message has the ECU ``""``."""

    def parse(self, lines: list[str], expected: str | None, t: float) -> Parsed:
        out = Parsed()
        long: _Assembly | None = None
        for line in lines:
            kind = complaint(line)
            digits = line.replace(" ", "")
            if kind is not None:
                out.gaps.append((kind, line))
                out.complaints.append(kind)
            elif is_chatter(line):
                continue
            elif re.fullmatch(r"[0-9A-F]{3}", digits):
                long = _Assembly(int(digits, 16), bytearray(), 0)
            elif re.fullmatch(r"[0-9A-F]:([0-9A-F]{2})+", digits) and long is not None:
                long = self._part(digits, line, long, t, out)
            elif _HEX.fullmatch(digits) and len(digits) % 2 == 0 and len(digits) <= 14:
                out.frames += 1
                out.messages.append(EcuMessage("", bytes.fromhex(digits), t))
            else:
                out.gaps.append((GapKind.GARBLED, line))
        if long is not None:
            out.gaps.append((GapKind.SHORT, f"{len(long.data)} of {long.length} bytes"))
        return out

    def _part(self, digits: str, line: str, long: _Assembly, t: float, out: Parsed) -> _Assembly | None:
        if int(digits[0], 16) != long.next_number & 0x0F:
            out.gaps.append((GapKind.GARBLED, line))
            return None
        out.frames += 1
        long.data += bytes.fromhex(digits[2:])
        long.next_number += 1
        if len(long.data) < long.length:
            return long
        out.messages.append(EcuMessage("", bytes(long.data[: long.length]), t))
        return None


LineParser = CanLines | LegacyLines | BareLines
