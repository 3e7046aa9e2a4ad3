"""The open end of a recording: frames appended to a file, each on the disk before it counts as kept.

A frame is its length and CRC-32 (4 bytes each, little-endian) and a msgpack payload; the first holds the head, every
other a list of rows (see ``core.diagnostics.chunks``). After ``kill -9`` or a power cut the file is good up to the last
whole frame; what follows is cut off. An empty frame is not one: file systems may leave zeros behind a cut.
"""

import os
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgpack  # type: ignore[import-untyped]

from core.diagnostics.chunks import Row, pack
from core.diagnostics.files import write_whole

FRAME_HEAD = struct.Struct("<II")
ROWS_A_FRAME = 4096


class Journal:
    """An open journal. One thread writes. Every method may raise ``OSError``; what was kept before stays kept."""

    def __init__(self, path: Path, head: Mapping[str, Any]) -> None:
        """Start afresh in place of what lies at ``path``, in one step."""
        frame = _frame(head)
        write_whole(path, frame)
        self._handle = os.open(path, os.O_WRONLY | getattr(os, "O_BINARY", 0))
        self.size = len(frame)  # bytes known to be on the disk

    def append(self, rows: Sequence[Row]) -> None:
        """Return when all of ``rows`` are on the disk; on an error none of them count."""
        if not rows:
            return
        data = b"".join(_frame(rows[at : at + ROWS_A_FRAME]) for at in range(0, len(rows), ROWS_A_FRAME))
        os.lseek(self._handle, self.size, os.SEEK_SET)
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(self._handle, left) :]
            # After a failed fsync the kernel may take the pages for clean: the next try writes them anew (LWN 752063).
            os.fsync(self._handle)
        except OSError:
            os.ftruncate(self._handle, self.size)
            raise
        self.size += len(data)

    def close(self) -> None:
        os.close(self._handle)


def read(path: Path) -> tuple[dict[str, Any], list[Row], int]:
    """Head, rows and how many bytes were torn off the end. An unreadable head is empty. Raises ``OSError``."""
    data = path.read_bytes()
    head: dict[str, Any] = {}
    rows: list[Row] = []
    good = 0
    for at, payload in _frames(data):
        try:
            found = msgpack.unpackb(payload, use_list=False, unicode_errors="surrogatepass")
        except (ValueError, msgpack.UnpackException):
            break
        if good == 0:
            if not isinstance(found, dict):
                break
            head = found
        else:
            rows.extend(found)
        good = at
    return head, rows, len(data) - good


def _frame(payload: object) -> bytes:
    packed = pack(payload)
    return FRAME_HEAD.pack(len(packed), zlib.crc32(packed)) + packed


def _frames(data: bytes) -> Iterator[tuple[int, memoryview]]:
    """Where each whole frame ends, and its payload."""
    view, at = memoryview(data), 0
    while at + FRAME_HEAD.size <= len(data):
        length, crc = FRAME_HEAD.unpack_from(data, at)
        payload = view[at + FRAME_HEAD.size : at + FRAME_HEAD.size + length]
        if length == 0 or len(payload) < length or zlib.crc32(payload) != crc:
            return
        at += FRAME_HEAD.size + length
        yield at, payload
