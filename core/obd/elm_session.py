"""One command, one prompt: the text conversation with an ELM327 or STN adapter, and finding back after noise.

The adapter answers a line with lines and then ``>``. Nothing is sent while a prompt is outstanding: a premature byte
aborts the adapter's work (``STOPPED``), and an unread answer would be taken for the next one's, as python-OBD does for
ever after a stall (research §2.2). Whenever the order is in doubt, ``resync`` asks for the adapter's name and throws
away all that comes before it.
"""

import re
import time
from dataclasses import dataclass

from core.language import tr
from core.obd.bytelink import ByteLink, LinkError
from core.obd.status import Trouble

PROMPT = b">"
_BREAKS = re.compile(rb"[\r\n]+")
_UNPRINTABLE = re.compile(rb"[^\x20-\x7e]")
MAX_ANSWER = 16384  # a healthy answer is under 1 KiB; an adapter that babbles is cut off here

RESYNC_TRIES = 12  # one that answers at once, and always something else, is not asked a thousand times


@dataclass(slots=True)
class Answer:
    """Lines without the prompt; ``complete`` tells whether the prompt came; ``t`` is when the last bytes arrived."""

    lines: list[str]
    complete: bool
    t: float
    elapsed: float
    first_byte: float  # seconds from sending to the first byte; equals elapsed when nothing came
    noise: int = 0  # unprintable bytes that were thrown away


class ElmSession:
    """Owns the byte link. Not thread-safe: one thread talks to an adapter."""

    def __init__(self, link: ByteLink) -> None:
        self.link = link
        self.name = ""  # the line ATI answers, the landmark of resync
        self.in_doubt = False
        self.late = 0  # answers that came after their time and were thrown away
        self.round_trip = 0.0  # seconds the adapter takes to say its name

    def command(self, text: str, wait: float = 1.0, *, budget: float | None = None) -> Answer:
        """Send ``text`` and read to the prompt.

        ``wait`` is the longest silence and ``budget`` the longest time in all, in seconds (default: ``wait``); only a
        protocol search, which prints dots now and then, is given more than one. A missing prompt leaves the session
        ``in_doubt``.
        Raises ``LinkError`` when the link is gone.
        """
        self._discard_stale()
        sent = time.monotonic()
        self.link.write(text.encode("ascii") + b"\r")
        return self._read(sent, wait, wait if budget is None else budget)

    def _read(self, sent: float, wait: float, budget: float) -> Answer:
        buffer = bytearray()
        first = 0.0
        now = sent
        last = sent
        complete = False
        while True:
            patience = min(last + wait, sent + budget) - now
            if patience <= 0:
                break
            data = self.link.read(min(patience, 1.0))
            now = time.monotonic()
            if not data:
                continue
            first = first or now - sent
            last = now
            buffer += data
            if PROMPT in data:
                complete = True
                break
            if len(buffer) > MAX_ANSWER:
                break
        head, _, tail = bytes(buffer).partition(PROMPT)
        if tail.strip(b"\r\n \x00"):
            self.late += 1  # something spoke on after the prompt: the order is in doubt
            self.in_doubt = True
        if not complete:
            self.in_doubt = True
        lines, noise = _lines(head)
        return Answer(lines, complete, last, now - sent, first or now - sent, noise)

    def _discard_stale(self) -> None:
        stale = self.link.read(0.0)
        if stale.strip(b"\r\n >\x00"):
            self.late += 1
            self.in_doubt = True

    def resync(self) -> None:
        """Make sure that the next answer belongs to the next question.

        Raises ``LinkError``: ADAPTER_SILENT when no prompt comes back within a second, ADAPTER_RESET when the adapter
        has forgotten its settings (it echoes again).
        """
        deadline = time.monotonic() + 1.0
        heard = False
        for _ in range(RESYNC_TRIES):
            sent = time.monotonic()
            if sent >= deadline:
                break
            self._discard_stale()
            # A busy adapter takes the first byte as "stop" and swallows it; the next turn then finds it idle. A space
            # in front would save that turn, but some adapters never answer a command that begins with one.
            self.link.write(b"ATI\r")
            answer = self._read(sent, 0.3, max(0.05, min(0.5, deadline - sent)))
            heard = heard or bool(answer.lines) or answer.complete
            if not answer.complete or not self._names_adapter(answer):
                continue
            if any(line.replace(" ", "").upper() == "ATI" for line in answer.lines):
                raise LinkError(Trouble.ADAPTER_RESET, tr("It has forgotten its settings."))
            # A second name would be on its way for as long as the first one took.
            if not self.link.read(0.02 + min(0.2, self.round_trip)).strip(b"\r\n >\x00"):
                self.in_doubt = False
                return
            self.late += 1
        raise LinkError(
            Trouble.NOT_AN_ADAPTER if heard and not self.name else Trouble.ADAPTER_SILENT,
            tr("No prompt for a second."),
        )

    def _names_adapter(self, answer: Answer) -> bool:
        return any(line == self.name for line in answer.lines) if self.name else bool(answer.lines)

    def was_reset(self, answer: Answer) -> bool:
        """Whether an answer shows a restart: the banner came unasked, or the request is echoed though echo is off."""
        return bool(self.name) and any(line == self.name or line.startswith("ELM327 v") for line in answer.lines)

    def close(self) -> None:
        self.link.close()


def _lines(raw: bytes) -> tuple[list[str], int]:
    lines = []
    noise = 0
    for part in _BREAKS.split(raw):
        # The data sheet warns that NUL bytes may be inserted anywhere ("Interpreting OBD Messages"): ignore those.
        clean = part.replace(b"\x00", b"")
        if _UNPRINTABLE.search(clean):
            noise += 1
            clean = _UNPRINTABLE.sub(b"#", clean)  # spoils the line: it must not read as hexadecimal
        text = clean.decode("ascii").strip()
        if text:
            lines.append(text)
    return lines, noise
