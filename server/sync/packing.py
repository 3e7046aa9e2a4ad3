"""Messages between terminals as bytes: one byte that says how, then MessagePack, from a kilobyte on in Zstandard.

Both ends bound what they take before they unpack it: a frame that does not say its size, or says too much, is refused,
so that nobody can fill the memory with a few packed bytes. Compression is not left to HTTP's Content-Encoding, which
clients undo without asking how much will come.
"""

from typing import Any

import msgpack  # type: ignore[import-untyped]
import zstandard

from core.language import tr

MEDIA_TYPE = "application/vnd.bayline.sync"

PACK_FROM = 1024  # bytes; below, packing costs more than it saves
MOST_PACKED = 12 * 1024 * 1024  # bytes on the wire
MOST = 32 * 1024 * 1024  # bytes unpacked; a page of the exchange has a few million, one transaction may have more
LEVEL = 3  # zstd's own middle: 5 to 1 on pages of transactions, at hundreds of MB/s

_PLAIN = b"\x00"
_ZSTD = b"\x01"


class PackingError(ValueError):
    """What was to be sent or was received is too large or no message at all."""


def pack(message: dict[str, Any]) -> bytes:
    """A message as bytes. Raises ``PackingError`` when it is too large for one."""
    plain: bytes = msgpack.packb(message, use_bin_type=True)
    if len(plain) > MOST:
        raise PackingError(tr("A message of {size} bytes is too large.", size=len(plain)))
    if len(plain) < PACK_FROM:
        return _PLAIN + plain
    packed = _ZSTD + zstandard.ZstdCompressor(level=LEVEL).compress(plain)
    if len(packed) > MOST_PACKED:
        raise PackingError(tr("A message of {size} bytes is too large.", size=len(packed)))
    return packed


def unpack(body: bytes) -> dict[str, Any]:
    """The message in ``body``. Raises ``PackingError``."""
    if len(body) > MOST_PACKED:
        raise PackingError(tr("A message of {size} bytes is too large.", size=len(body)))
    form, rest = body[:1], body[1:]
    if form == _ZSTD:
        rest = _unzipped(rest)
    elif form != _PLAIN:
        raise PackingError(tr("This is no message of a terminal."))
    try:
        message = msgpack.unpackb(rest, raw=False, strict_map_key=True)
    except (ValueError, TypeError, OverflowError, RecursionError, msgpack.UnpackException) as error:
        raise PackingError(tr("This is no message of a terminal.")) from error
    if not isinstance(message, dict):
        raise PackingError(tr("This is no message of a terminal."))
    return message


def _unzipped(packed: bytes) -> bytes:
    try:
        size = zstandard.frame_content_size(packed)
        if not 0 <= size <= MOST:
            raise PackingError(tr("A message of {size} bytes is too large.", size=size))
        return zstandard.ZstdDecompressor().decompress(packed, max_output_size=MOST)
    except zstandard.ZstdError as error:
        raise PackingError(tr("This is no message of a terminal.")) from error
