"""What control units say of themselves (service 09): calibration ids, as they are and never trimmed of digits.

python-OBD strips the characters 0, 1 and 2 at both ends (research §2.3). The VIN is read in ``discovery``.
"""

from collections.abc import Sequence

from core.obd.link import DiagLink, EcuMessage

CALIBRATIONS = 0x04
CALIBRATION_BYTES = 16
_FRAGMENT = 4  # data bytes of each numbered message on the older protocols


def calibrations_from(messages: Sequence[EcuMessage]) -> tuple[str, ...]:
    """The calibration ids in one ECU's answer; empty when it is none, or not whole.

    On CAN one message: a count, then sixteen bytes each, filled with zeros. On the older protocols numbered messages of
    four bytes, four to an id (SAE J1979 clauses 5.9 and 6.9).
    """
    parts = [m.payload for m in messages if m.payload[:2] == bytes([0x49, CALIBRATIONS]) and len(m.payload) > 3]
    if not parts:
        return ()
    if len(parts) == 1 and len(parts[0]) > 3 + _FRAGMENT:
        count, data = parts[0][2], parts[0][3:]
        if len(data) != CALIBRATION_BYTES * count:
            return ()
    else:
        parts.sort(key=lambda part: part[2])
        if [part[2] for part in parts] != list(range(1, len(parts) + 1)):
            return ()
        data = b"".join(part[3:] for part in parts)
        if len(data) != _FRAGMENT * len(parts) or len(data) % CALIBRATION_BYTES:
            return ()
    texts = [data[at : at + CALIBRATION_BYTES].rstrip(b"\x00 ") for at in range(0, len(data), CALIBRATION_BYTES)]
    if any(not text.isascii() or not text.decode("ascii").isprintable() for text in texts):
        return ()
    return tuple(text.decode("ascii") for text in texts if text)


def read_calibrations(link: DiagLink) -> dict[str, tuple[str, ...]]:
    """Calibration ids by ECU, of those that told. Raises what the link raises."""
    by_ecu: dict[str, list[EcuMessage]] = {}
    for message in link.request(None, bytes([0x09, CALIBRATIONS])).messages:
        by_ecu.setdefault(message.ecu, []).append(message)
    found = {ecu: calibrations_from(messages) for ecu, messages in sorted(by_ecu.items())}
    return {ecu: texts for ecu, texts in found.items() if texts}
