"""A recorded drive as a source of values: a CSV of a header and rows, played at its own pace.

**Columns** are matched to signals by name, whatever the case, the spaces, the unit in brackets and small mistakes of
spelling (``ENGINE_RUN_TINE ()``). A column nobody knows is named in ``warnings`` and left out.

**Rows** that are too short or hold something other than numbers are skipped and counted in ``skipped``.

**Time.** The recordings have two rows a second and a run time in whole seconds that repeats (four rows, then three, a
step of one or two seconds: the control unit refreshes it every 1.8 s). The rows that share a run time are spread
evenly until the next run time, so that a row lies where the car's own clock puts it and time always rises. Before the
engine runs the run time stands at zero; those rows are half a second apart, and so are the last ones. Without a run
time column all rows are. Where the run time falls (a new start of the engine) time goes on half a second later.

**Between rows** numbers are interpolated; codes, flags, counters and the run time hold their last value. A gap of more
than ten seconds holds the last row: nothing is known of it.
"""

import codecs
import csv
import difflib
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from core.language import tr
from core.obd import signals

ROW_S = 0.5
LONGEST_STEP_S = 10.0
LONGEST_HEADER = 1_000_000  # characters
LONGEST_TITLE = 100  # characters: nothing of a car has a longer name
MOST_COLUMNS = 1000
_ROUNDING_S = 1e-6  # a row is reached although its time is the difference of two clock readings
_NEAR_ENOUGH = 0.88  # "engine run tine" is 0.93 of "engine run time"; "fuel rail pressure" 0.84 of "fuel pressure"
_NEAR_WORD = 0.7  # "tine" is 0.75 of "time", "long" 0.44 of "short": every word must be the one meant
_STANDING_VOLTAGE = 12.4

# How recordings call a PID, next to our own name and title; words only, in any order of appearance.
_ALIASES: Mapping[str, int] = {
    "engine run time": 0x1F,
    "run time since engine start": 0x1F,
    "engine rpm": 0x0C,
    "rpm": 0x0C,
    "speed": 0x0D,
    "throttle": 0x11,
    "throttle pos": 0x11,
    "engine load": 0x04,
    "calculated load": 0x04,
    "coolant temp": 0x05,
    "engine coolant temperature": 0x05,
    "intake pressure": 0x0B,
    "map": 0x0B,
    "maf": 0x10,
    "fuel tank": 0x2F,
    "fuel tank level": 0x2F,
    "fuel level input": 0x2F,
    "absolute throttle b": 0x47,
    "absolute throttle c": 0x48,
    "pedal d": 0x49,
    "pedal e": 0x4A,
    "pedal f": 0x4B,
    "accelerator pos d": 0x49,
    "accelerator pos e": 0x4A,
    "fuel air commanded equiv ratio": 0x44,
    "commanded equiv ratio": 0x44,
    "absolute barometric pressure": 0x33,
    "relative throttle pos": 0x45,
    "intake air temp": 0x0F,
    "intake temp": 0x0F,
    "ambient air temp": 0x46,
    "catalyst temperature bank1 sensor1": 0x3C,
    "catalyst temperature bank2 sensor1": 0x3D,
    "catalyst temperature bank1 sensor2": 0x3E,
    "catalyst temperature bank2 sensor2": 0x3F,
    "time since trouble codes cleared": 0x4E,
    "distance traveled with mil on": 0x21,
    "distance since trouble codes cleared": 0x31,
    "distance traveled since codes cleared": 0x31,
    "oil temp": 0x5C,
    "engine oil temperature": 0x5C,
    "engine fuel rate": 0x5E,
}
_HELD = frozenset({
    "run_time", "time_run_with_mil_on", "time_since_codes_cleared", "distance_with_mil_on",
    "distance_since_codes_cleared", "warm_ups_since_codes_cleared", "freeze_frame_code",
}) | {name for name, signal in signals.SIGNALS.items() if signal.kind != "number"}  # fmt: skip


class DriveError(ValueError):
    """A recording that cannot be played; the message says what it should look like."""


@dataclass(frozen=True, slots=True)
class DriveLog:
    """A drive that was read: rows as ``(t, {signal name: value})``, t in seconds from 0, strictly rising."""

    rows: Sequence[tuple[float, Mapping[str, float]]]
    names: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    skipped: int = 0
    _times: list[float] = field(default_factory=list)

    @property
    def duration(self) -> float:
        """Seconds from the first row to the last."""
        return self._times[-1]

    def at(self, t: float) -> dict[str, float]:
        """The values at ``t`` seconds; before the first row it is the first, after the last the last."""
        after = bisect_right(self._times, t + _ROUNDING_S)
        if after == 0:
            return dict(self.rows[0][1])
        start, low = self.rows[after - 1]
        if after == len(self.rows):
            return dict(low)
        end, high = self.rows[after]
        if t <= start or end - start > LONGEST_STEP_S:
            return dict(low)
        part = (t - start) / (end - start)
        return {name: value if name in _HELD else value + part * (high[name] - value) for name, value in low.items()}


class DrivePlayer:
    """A ``DriveLog`` at a speed, once or over and over: the car's source of values."""

    def __init__(self, log: DriveLog, *, speed: float = 1.0, loop: bool = False) -> None:
        if not speed > 0:
            raise DriveError(tr("A drive plays at a speed above zero, not {speed:g}.", speed=speed))
        self.log = log
        self.speed = speed
        self.loop = loop
        self._latest: tuple[float, Mapping[str, float]] | None = None

    def position(self, t: float) -> float:
        """Seconds on the time axis of the log, ``t`` seconds after the first request."""
        position = max(0.0, t) * self.speed
        if self.loop:  # one row's time between the last row and the first
            return min(position % (self.log.duration + ROW_S), self.log.duration)
        return min(position, self.log.duration)

    def at(self, t: float) -> Mapping[str, float]:
        """The values ``t`` seconds after the first request; the same mapping for the same moment."""
        if self._latest is None or self._latest[0] != t:
            self._latest = (t, self.log.at(self.position(t)))
        return self._latest[1]

    def engine_running(self, t: float) -> bool:
        return self.at(t).get("engine_speed", 0.0) > 0

    def voltage(self, t: float) -> float:
        return self.at(t).get("control_module_voltage", _STANDING_VOLTAGE)


def read_drive(path: Path) -> DriveLog:
    """The recording in ``path``. Raises ``DriveError`` when it cannot be read or nothing in it can be played."""
    try:
        lines = _lines(path)
    except (OSError, csv.Error) as error:
        raise DriveError(tr("{file}: the drive cannot be read: {why}.", file=path.name, why=error)) from error
    if not lines or not any(lines[0]):
        raise DriveError(
            tr("{file}: the drive is empty. It needs a line of column names and rows of numbers.", file=path.name)
        )
    if len(lines[0]) > MOST_COLUMNS:
        raise DriveError(
            tr("{file}: the drive has {count} columns; at most {most} can be read.", file=path.name,
               count=len(lines[0]), most=MOST_COLUMNS)
        )  # fmt: skip
    columns, warnings = match_columns(lines[0])
    if not columns:
        raise DriveError(
            tr(
                "{file}: no column is a signal this program knows. The first line must name them, like ENGINE_RPM, "
                "VEHICLE_SPEED.",
                file=path.name,
            )
        )
    width = len(lines[0])
    rows = [row for line in lines[1:] if (row := _row(line, columns, width)) is not None]
    skipped = sum(1 for line in lines[1:] if any(cell.strip() for cell in line)) - len(rows)
    if not rows:
        raise DriveError(tr("{file}: there is no row of numbers under the column names.", file=path.name))
    times = time_axis([row["run_time"] for row in rows] if "run_time" in rows[0] else [0.0] * len(rows))
    return DriveLog(
        rows=tuple(zip(times, rows, strict=True)),
        names=tuple(columns.values()),
        warnings=tuple(warnings),
        skipped=skipped,
        _times=times,
    )


def _lines(path: Path) -> list[list[str]]:
    """The cells of the file. Excel writes UTF-16 on request, and in half of Europe semicolons and decimal commas."""
    with path.open("rb") as file:
        encoding = "utf-16" if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        header = file.readline(LONGEST_HEADER)
        separator = max((",", ";", "\t"), key=header.count)
        file.seek(0)
        lines = list(csv.reader(file, delimiter=separator))
    if separator != ",":
        lines[1:] = [[cell.replace(",", ".") for cell in line] for line in lines[1:]]
    return lines


def _row(line: Sequence[str], columns: Mapping[int, str], width: int) -> dict[str, float] | None:
    """The values of a line; None when it is cut short or has something other than finite numbers."""
    if len(line) < width:
        return None
    try:
        row = {name: float(line[at]) for at, name in columns.items()}
    except ValueError:
        return None
    return row if all(abs(value) < 1e12 for value in row.values()) else None


def time_axis(run_times: Sequence[float]) -> list[float]:
    """A strictly rising time, in seconds from 0, for rows with these run times in whole seconds."""
    groups = [(run_time, len(list(same))) for run_time, same in groupby(run_times)]
    times: list[float] = []
    begin = 0.0
    for number, (run_time, count) in enumerate(groups):
        step = groups[number + 1][0] - run_time if number + 1 < len(groups) else 0.0
        standing = run_time == 0 or step <= 0  # the engine does not run yet, or nothing tells how long it lasted
        # Rows more than a second apart would be a pause in the recording, not slow rows: the pause comes after them.
        spacing = ROW_S if standing or step / count > 2 * ROW_S else step / count
        times += [begin + n * spacing for n in range(count)]
        begin += count * ROW_S if standing else step
    return times


def match_columns(header: Sequence[str]) -> tuple[dict[int, str], list[str]]:
    """Signal names by column number, and a warning for every column that has none."""
    known = _known_names()
    columns: dict[int, str] = {}
    warnings = []
    for at, title in enumerate(header):
        if not title.strip():
            continue
        name = _match(_words(title), known) if len(title) <= LONGEST_TITLE else None
        if name is None:
            warnings.append(
                tr("Column “{title}” is not a signal this program knows; it is left out.", title=title[:LONGEST_TITLE])
            )
        elif name in columns.values():
            warnings.append(tr("Column “{title}” is {name} a second time; it is left out.", title=title, name=name))
        else:
            columns[at] = name
    return columns, warnings


def _words(title: str) -> str:
    """Lower case words and numbers without what stands in brackets: ``"engine run tine"``, ``"bank 1 sensor 2"``."""
    bare = re.sub(r"[(\[{].*?[)\]}]", " ", title)
    return " ".join(re.findall(r"[a-z]+|\d+", bare.lower()))


def _known_names() -> dict[str, str]:
    known: dict[str, str] = {}
    for signal in signals.SIGNALS.values():
        if signal.pid is not None:
            known.setdefault(_words(signal.name), signal.name)
            known.setdefault(_words(signal.title), signal.name)
    for alias, pid in _ALIASES.items():
        found = signals.by_pid(pid)
        if found:
            known[_words(alias)] = found[0].name
    return known


def _match(words: str, known: Mapping[str, str]) -> str | None:
    if words in known:
        return known[words]
    near = difflib.get_close_matches(words, [name for name in known if _alike(words, name)], n=1, cutoff=_NEAR_ENOUGH)
    return known[near[0]] if near else None


def _alike(words: str, name: str) -> bool:
    """Word for word nearly the same; numbers and single letters exactly: sensor 2 is not a misspelt sensor 1."""
    ours, theirs = words.split(), name.split()
    return len(ours) == len(theirs) and all(
        a == b or (len(a) > 1 and a.isalpha() and difflib.SequenceMatcher(None, a, b).ratio() >= _NEAR_WORD)
        for a, b in zip(ours, theirs, strict=True)
    )
