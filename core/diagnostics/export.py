"""A recording as a file for other programs: CSV of the values, or for a direct CAN link the raw frames.

CSV is UTF-8 with a decimal point and a comma between fields (RFC 4180); values are those the recording plays, in each
signal's own unit. A file is complete or it is not there.
"""

import csv
import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TextIO

import numpy as np

from core.diagnostics.alarms import stale_after
from core.diagnostics.chunks import Frame
from core.diagnostics.files import sync_folder
from core.diagnostics.library import RecordingLibrary
from core.diagnostics.playback import Playback
from core.language import tr
from core.obd import canlog
from core.obd.signals import SIGNALS
from core.obd.store import Array

BLOCK_ROWS = 20_000

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """How many rows (or frames) were written, and what could not be read of the recording, in words."""

    rows: int
    damaged: tuple[str, ...] = ()


class ExportError(Exception):
    """The export could not be made; the message says why in the user's words."""


def _ignore(_: float) -> None:
    return None


def export_csv_long(
    library: RecordingLibrary,
    id: str,
    path: Path,
    *,
    signals: Sequence[str] | None = None,
    progress: Progress = _ignore,
) -> Exported:
    """One row a sample, in the order of time.

    ``signals`` are keys of the store, all when None. ``progress`` hears of the part done, 0 to 1; what it raises ends
    the export. Raises ``ExportError``, ``RecordingMissing``.
    """
    with library.open(id, by_hand=True) as playback, _whole_file(path) as file:
        keys = _keys(playback, signals)
        rows = csv.writer(file)
        rows.writerow(["time [s]", "utc", "ecu", "signal", "title", "value", "unit"])
        times, which, values = _merged(playback, keys)
        about = [(playback.signals.latest(key), key.partition("@")[0]) for key in keys]
        for block in range(0, times.size, BLOCK_ROWS):
            progress(block / times.size)
            part = slice(block, block + BLOCK_ROWS)
            for t, n, value in zip(times[part].tolist(), which[part].tolist(), values[part].tolist(), strict=True):
                latest, name = about[n]
                title, unit = _title_and_unit(name)
                ecu = latest.ecu if latest else ""
                rows.writerow([f"{t:.6f}", _utc(playback, t), ecu, name, title, _number(name, value), unit])
        progress(1.0)
        return Exported(int(times.size), playback.damaged)


def export_csv_wide(
    library: RecordingLibrary,
    id: str,
    path: Path,
    *,
    signals: Sequence[str] | None = None,
    step: float | None = None,
    progress: Progress = _ignore,
) -> Exported:
    """One column a signal, with its unit in the header.

    Without ``step`` a row for each moment a value came, the other columns empty. With ``step`` (seconds) a row each
    step, with the last value until then where it is not too old. Else as ``export_csv_long``.
    """
    if step is not None and not step > 0:
        raise ExportError(tr("The step between two rows must be more than 0 seconds."))
    with library.open(id, by_hand=True) as playback, _whole_file(path) as file:
        keys = _keys(playback, signals)
        rows = csv.writer(file)
        rows.writerow(["time [s]", *(_column(key) for key in keys)])
        times = np.unique(_merged(playback, keys)[0])
        if step is not None:
            times = np.arange(0.0, playback.duration + step / 2, step)
        for block in range(0, times.size, BLOCK_ROWS):
            progress(block / times.size)
            part = times[block : block + BLOCK_ROWS]
            columns = [_cells(playback, key, part, step) for key in keys]
            for t, *cells in zip(part.tolist(), *columns, strict=True):
                rows.writerow([f"{t:.6f}", *cells])
        progress(1.0)
        return Exported(int(times.size), playback.damaged)


def export_can(library: RecordingLibrary, id: str, path: Path) -> Exported:
    """The raw frames of a direct CAN link as Vector ASC or BLF, by the suffix of ``path``.

    Raises ``ExportError``, ``RecordingMissing``.
    """
    suffix = path.suffix.lower()
    if suffix not in canlog.SUFFIXES:
        raise ExportError(
            tr("CAN frames are saved as .asc or .blf, not as “{suffix}”.", suffix=path.suffix or path.name)
        )
    index = library.session(id)
    beside = _beside(path)
    damaged: list[str] = []
    began = index.start_utc_ms / 1000
    frames = (
        canlog.CanFrame(began + event.t, event.arbitration_id, event.extended, event.data, event.outgoing)
        for event in library.events(id, on_damaged=damaged.append)
        if isinstance(event, Frame)
    )
    with _in_words(path, beside):
        count = canlog.write(beside, suffix, frames)
        if not count:
            raise ExportError(
                tr(
                    "This recording holds no CAN frames: only a direct CAN connection shows them, an ELM327 or STN "
                    "adapter does not. Its values can be exported as CSV."
                )
            )
        _put_in_place(beside, path)
    return Exported(count, tuple(damaged))


# --- what is in a row


def _keys(playback: Playback, wanted: Sequence[str] | None) -> tuple[str, ...]:
    playback.seek(playback.duration)
    there = playback.signals.keys()
    keys = there if wanted is None else tuple(wanted)
    missing = [key for key in keys if key not in there]
    if missing or not keys:
        what = ", ".join(missing)
        raise ExportError(
            tr("This recording holds no values of {what}.", what=what)
            if what
            else tr("This recording holds no values.")
        )
    return keys


def _merged(playback: Playback, keys: Sequence[str]) -> tuple[Array, np.ndarray[tuple[int], np.dtype[np.intp]], Array]:
    """Times, number of the key, values of all samples, by time."""
    windows = [playback.signals.window(key, -np.inf, np.inf) for key in keys]
    times = np.concatenate([found[0] for found in windows])
    which = np.repeat(np.arange(len(keys)), [found[0].size for found in windows])
    order = np.argsort(times, kind="stable")
    return times[order], which[order], np.concatenate([found[1] for found in windows])[order]


def _cells(playback: Playback, key: str, times: Array, step: float | None) -> list[str]:
    """The text of one column at ``times``, empty where it has no value."""
    oldest = 0.0 if step is None else max(step, stale_after(key.partition("@")[0]))
    at, values = playback.signals.window(key, float(times[0]) - oldest, float(times[-1]))
    if not at.size:
        return [""] * times.size
    last = np.searchsorted(at, times, side="right") - 1
    there = (last >= 0) & (times - at[np.maximum(last, 0)] <= oldest)
    name = key.partition("@")[0]
    found = values[np.maximum(last, 0)].tolist()
    return [_number(name, value) if ok else "" for value, ok in zip(found, there.tolist(), strict=True)]


def _number(name: str, value: float) -> str:
    """With the signal's own decimals when that is all there is to it, else every digit."""
    known = SIGNALS.get(name)
    text = f"{value:.{known.decimals}f}" if known else repr(value)
    return text if float(text) == value else repr(value)


def _title_and_unit(name: str) -> tuple[str, str]:
    known = SIGNALS.get(name)
    return (tr(known.title), known.unit) if known else (name, "")


def _column(key: str) -> str:
    unit = _title_and_unit(key.partition("@")[0])[1]
    return f"{key} [{unit}]" if unit else key


def _utc(playback: Playback, t: float) -> str:
    moment = playback.index.started + timedelta(seconds=t)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


# --- the file


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")


@contextmanager
def _whole_file(path: Path) -> Iterator[TextIO]:
    beside = _beside(path)
    with _in_words(path, beside):
        with beside.open("x", encoding="utf-8", newline="") as file:
            yield file
        _put_in_place(beside, path)


def _put_in_place(beside: Path, path: Path) -> None:
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


@contextmanager
def _in_words(path: Path, beside: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportError(
            tr("{path} could not be written: {why}.", path=path, why=error.strerror or str(error))
        ) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
