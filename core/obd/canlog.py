"""Raw CAN frames as a file that other tools read: Vector ASC (text) or BLF (binary), written by python-can."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

CLASSIC_BYTES = 8  # ISO 11898-1: more data means CAN FD
SUFFIXES = (".asc", ".blf")


class CanFrame(NamedTuple):
    """One frame on the bus; ``t`` in epoch seconds, ``outgoing`` when this program sent it."""

    t: float
    arbitration_id: int
    extended: bool
    data: bytes
    outgoing: bool


def write(path: Path, suffix: str, frames: Iterable[CanFrame]) -> int:
    """Write ``frames``, in the order of time, to ``path`` in the format of ``suffix``; returns how many there were.

    Raises ``ValueError`` for a suffix not in ``SUFFIXES``, ``OSError``.
    """
    import can
    from can.io import ASCWriter, BLFWriter

    if suffix not in SUFFIXES:
        raise ValueError(f"{suffix!r} is not one of {', '.join(SUFFIXES)}")
    written = 0
    writer = ASCWriter(path) if suffix == ".asc" else BLFWriter(path)
    try:
        for frame in frames:
            writer.on_message_received(
                can.Message(
                    timestamp=frame.t,
                    arbitration_id=frame.arbitration_id,
                    is_extended_id=frame.extended,
                    is_rx=not frame.outgoing,
                    is_fd=len(frame.data) > CLASSIC_BYTES,
                    data=frame.data,
                    channel=0,
                )
            )
            written += 1
    finally:
        writer.stop()
    return written
