"""What ``bayline obd watch`` prints: JSON lines for programs, a table and words for people."""

import json
import sys
import time
from collections.abc import Sequence
from contextlib import closing

from app import interrupts
from app.failure import BadArgument, Exit
from app.saying import complain
from app.watching import ADAPTER_WITHIN_S, CAR_WITHIN_S, End, Sample, Summary, Watch, key_of
from core.language import number, tr
from core.obd import words
from core.obd.address import AddressError
from core.obd.gaps import WORDS as GAP_WORDS
from core.obd.signal_table import Signal
from core.obd.signals import UnknownSignal, find
from core.obd.units import unit_words

ROW_S = 0.5  # a table on a terminal is read by a person
HEADER_EVERY = 20  # rows


def watch(address: str, signals: str, seconds: float | None, *, as_json: bool) -> Exit:
    """Watch ``signals`` (a list as typed) at ``address`` and print them; the exit status. Raises ``BadArgument``."""
    chosen = chosen_signals(signals)
    try:
        watched = Watch(address, chosen, seconds)
    except AddressError as error:
        raise BadArgument(str(error)) from error
    printer: _Json | _Table = _Json() if as_json else _Table(chosen)
    noted = False

    def idle() -> None:
        nonlocal noted
        printer.flush()
        if not noted and watched.connected:
            noted = True
            _note_not_offered(watched.not_offered())

    with interrupts.noticed() as asked, closing(watched.samples(idle, asked)) as samples:
        for sample in samples:
            printer.sample(sample)
    summary = watched.summary()
    printer.end(summary)
    status = exit_status(watched.end, summary)
    if status is not Exit.DONE:
        _explain(watched.end, summary)
    if watched.lost:
        complain(tr("{count} values were not printed: their reader was too slow.", count=watched.lost))
    return status


def chosen_signals(text: str) -> list[Signal]:
    """The signals of a list; a PID with several signals is all of them. Raises ``BadArgument``."""
    chosen: dict[str, Signal] = {}
    for one in text.split(","):
        if not one.strip():
            continue
        try:
            chosen.update({signal.name: signal for signal in find(one)})
        except UnknownSignal as error:
            raise BadArgument(str(error)) from error
    if not chosen:
        raise BadArgument(tr("--signals is empty; give for example 0C,0D,05."))
    return list(chosen.values())


def exit_status(end: End, summary: Summary) -> Exit:
    """0 when there were samples; else 3 without an adapter, 4 without an answer of the car."""
    if summary.values:
        return Exit.DONE
    if end is End.NO_ADAPTER or summary.status.adapter is None:
        return Exit.NO_ADAPTER
    return Exit.NO_CAR


class _Json:
    """A line a sample."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def sample(self, sample: Sample) -> None:
        self._lines.append(
            json.dumps(
                {
                    "t": round(sample.t, 4),
                    "pid": sample.signal.pid_text,
                    "name": sample.signal.name,
                    "value": tidy(sample.value),
                    "unit": sample.signal.unit,
                    "ecu": sample.ecu,
                },
                ensure_ascii=False,
            )
        )

    def flush(self) -> None:
        if self._lines:
            sys.stdout.write("\n".join(self._lines) + "\n")
            sys.stdout.flush()
            self._lines.clear()

    def end(self, summary: Summary) -> None:
        self._lines.append(json.dumps({"summary": summary.as_dict()}, ensure_ascii=False))
        self.flush()


class _Table:
    """Two rows a second with the newest value of every signal, and a summary in words."""

    def __init__(self, signals: Sequence[Signal]) -> None:
        self._signals = signals
        self._titles = [
            tr(signal.title) + (f" ({unit_words(signal.unit)})" if signal.unit else "") for signal in signals
        ]
        self._widths = [max(9, len(title)) for title in self._titles]
        self._newest: dict[str, Sample] = {}
        self._rows = 0
        self._next = 0.0

    def sample(self, sample: Sample) -> None:
        self._newest[sample.signal.name] = sample

    def flush(self) -> None:
        now = time.monotonic()
        if not self._newest or now < self._next:
            return
        self._next = now + ROW_S
        if self._rows % HEADER_EVERY == 0:
            self._line(tr("seconds"), self._titles)
        self._rows += 1
        latest = max(sample.t for sample in self._newest.values())
        self._line(number(latest, 1), [self._cell(signal) for signal in self._signals])
        self._newest.clear()

    def _cell(self, signal: Signal) -> str:
        sample = self._newest.get(signal.name)
        return "-" if sample is None else shown(signal, sample.value)

    def _line(self, first: str, cells: Sequence[str]) -> None:
        row = "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, self._widths, strict=True))
        print(f"{first:>8}  {row}", flush=True)

    def end(self, summary: Summary) -> None:
        self._next = 0.0
        self.flush()
        print(
            tr(
                "{seconds} s: {values} values, {rate} a second.",
                seconds=number(summary.seconds, 1),
                values=summary.values,
                rate=number(summary.values_per_second, 1),
            )
        )
        for signal in self._signals:
            rate = summary.hz[key_of(signal)]
            print(f"  {key_of(signal):>4}  {tr(signal.title)}: " + tr("{rate} a second", rate=number(rate, 1)))
        if summary.gaps:
            print(tr("Without a value:"))
            for kind, count in summary.gaps.items():
                print(f"  {count:>4} × {tr(GAP_WORDS[kind])}")
        status = summary.status
        print(tr("Link: {state}", state=words.headline(status)), end="")
        print(f"; {status.protocol}" if status.protocol else "", end="")
        print(f" ({status.mode})" if status.mode else "", flush=True)


def tidy(value: float) -> float:
    """A value without the noise of binary fractions; a twelfth digit is beyond every PID's resolution."""
    return float(f"{value:.12g}")


def shown(signal: Signal, value: float) -> str:
    """A value for a person: words for a state, a number with the signal's own decimals otherwise."""
    if signal.kind == "enum" and (state := signal.states.get(int(value))):
        return tr(state)
    return number(value, signal.decimals)


def _note_not_offered(missing: Sequence[Signal]) -> None:
    for signal in missing:
        complain(tr("This car does not offer {pid} {title}.", pid=key_of(signal), title=tr(signal.title)))


def _explain(end: End, summary: Summary) -> None:
    if end is End.NOT_OFFERED:
        complain(tr("The car answers, but offers none of these signals."))
        return
    if end is End.NO_ADAPTER:
        complain(tr("No adapter was reached in {seconds:.0f} s.", seconds=ADAPTER_WITHIN_S))
    elif end is End.NO_CAR:
        complain(tr("The adapter is there, but no car answered in {seconds:.0f} s.", seconds=CAR_WITHIN_S))
    explanation = words.explain(summary.status)
    complain(explanation.detail)
    for step in explanation.tries:
        complain(f"  - {step}")
