"""A car behind an ELM327 or STN adapter: protocol, headers, batches and the frame count, on top of the text session."""

import re
import time
from dataclasses import replace

from core.language import tr
from core.obd.address import SerialAddress, TcpAddress
from core.obd.bytelink import LinkError, Stop
from core.obd.elm_lines import BareLines, CanLines, LegacyLines, LineParser
from core.obd.elm_probe import Chip, faster, identify, open_session, read_voltage, restore
from core.obd.elm_session import Answer, ElmSession
from core.obd.elm_timing import DEFAULT_HEX, DEFAULT_MS, PENDING_HEX, AdaptiveTimeout
from core.obd.gaps import GapKind
from core.obd.link import Exchange
from core.obd.reply import BUSY, PENDING, Accepted, accept, answers
from core.obd.status import AdapterInfo, Trouble

# ELM327 data sheet, "AT SP h".
PROTOCOLS = {
    "1": "SAE J1850 PWM (41.6 kbit/s)",
    "2": "SAE J1850 VPW (10.4 kbit/s)",
    "3": "ISO 9141-2 (10.4 kbit/s)",
    "4": "ISO 14230-4 KWP (5 baud start, 10.4 kbit/s)",
    "5": "ISO 14230-4 KWP (fast start, 10.4 kbit/s)",
    "6": "ISO 15765-4 (CAN 11 bit, 500 kbit/s)",
    "7": "ISO 15765-4 (CAN 29 bit, 500 kbit/s)",
    "8": "ISO 15765-4 (CAN 11 bit, 250 kbit/s)",
    "9": "ISO 15765-4 (CAN 29 bit, 250 kbit/s)",
}
ELEVEN_BIT, TWENTY_NINE_BIT = ("6", "8"), ("7", "9")
ANSWER_S = 0.95  # a healthy adapter has long answered or said NO DATA; the limit is one second
SEARCH_S = 14.0  # the data sheet's automatic search through all protocols, 5 baud starts included
SEARCH_SILENCE_S = 9.0  # some print dots, some nothing between the first word and the end: two 5 baud starts and more
PATIENT_S = 5.0  # in all, for an ECU that says "pending" (ISO 14229-2: P2* is five seconds); never in one silence
BUSY_RETRIES = 3
SUPPORT = b"\x01\x00"
MAX_BATCH = 6  # SAE J1979 clause 5.3.2: up to six PIDs in a CAN request


class ElmLink:
    """See ``DiagLink``. ``max_pids`` and the frame count stay off until ``learn_abilities`` has seen them work."""

    def __init__(self, session: ElmSession, chip: Chip) -> None:
        self._session = session
        self._chip = chip
        self._timeout = AdaptiveTimeout()
        self._wait = ""  # what the adapter was last told with ATST
        self._answered: set[tuple[str, bytes]] = set()  # questions this car has answered
        self._header = ""
        self._fresh = True  # the settings are those of the probe
        self._parser: LineParser = BareLines()
        self.number = ""  # protocol, as ATDPN says it
        self.protocol = ""
        self.max_pids = 1
        self.info = AdapterInfo(
            model=chip.model,
            dialect=chip.dialect,
            headers=chip.headers,
            spaces_off=chip.spaces_off,
            baud=session.link.baud,
        )

    @classmethod
    def open(cls, address: SerialAddress | TcpAddress, stop: Stop) -> "ElmLink":
        """Open and identify the adapter. Raises ``LinkError`` or ``Cancelled``."""
        session = open_session(address, stop)
        try:
            chip = identify(session)
            if isinstance(address, SerialAddress) and address.baud is None:
                faster(session, chip)
            return cls(session, chip)
        except BaseException:
            session.close()
            raise

    @property
    def is_can(self) -> bool:
        return self.number in ELEVEN_BIT + TWENTY_NINE_BIT

    def find_car(self) -> Exchange:
        """Mode 01 PID 00 to everybody, letting the adapter search for the protocol."""
        self._sync()
        if not self._fresh:
            # The car went silent: the adapter may have lost its settings unseen, and a header of one ECU would keep
            # the question from all others.
            restore(self._session)
            self._wait = ""
        self._fresh = False
        self._header = ""
        self._set_wait("FF" if self._chip.dialect == "clone" else "96")  # room for slow ECUs while searching
        if not self.number:
            self._say("ATSP0")
        answer = self._session.command("0100", SEARCH_SILENCE_S, budget=SEARCH_S)
        self._watch_for_reset(answer)
        self._learn_protocol(answer)
        exchange = self._exchange(answer, None)
        if exchange.messages:
            self._timeout = AdaptiveTimeout()
            self._answered.clear()
        else:
            self.number = ""
        return exchange

    def _learn_protocol(self, answer: Answer) -> None:
        described = next(iter(self._session.command("ATDPN", 0.6).lines), "")
        match = re.fullmatch(r"A?([0-9A-C])", described.replace(" ", ""))
        self.number = match[1] if match and match[1] != "0" else _guess_protocol(answer.lines)
        self.protocol = PROTOCOLS.get(self.number, tr("protocol {number}", number=self.number or "?"))
        headed = self._chip.headers and not _without_headers(answer.lines)
        if not headed:
            self._parser = BareLines()
        elif self.number in ELEVEN_BIT:
            self._parser = CanLines(3)
        elif self.number in TWENTY_NINE_BIT:
            self._parser = CanLines(8)
        else:
            self._parser = LegacyLines(crc=self.number in ("1", "2"))
        self.info = replace(self.info, headers=headed)

    def learn_abilities(self, ecu: str, pids: list[int]) -> None:
        """Try what the adapter claims: several PIDs a request, the frame count, STPX. ``pids`` are supported ones."""
        if not pids:
            return
        self.max_pids = 1
        self.info = replace(self.info, batching=False, frame_count=False, stpx=False)
        if self._chip.dialect == "stn" and self.is_can and ecu:
            probe = self._session.command(f"STPX H:{self._request_id(ecu)}, D:01{pids[0]:02X}, R:1", ANSWER_S)
            works = any(isinstance(a, Accepted) for a in self._judge(bytes([1, pids[0]]), self._exchange(probe, ecu)))
            self.info = replace(self.info, stpx=works)
        single = bytes([1, pids[0]])
        counted = self._ask(ecu, single, 1)
        self.info = replace(self.info, frame_count=any(isinstance(a, Accepted) for a in self._judge(single, counted)))
        if not self.is_can:
            return
        for size in sorted({min(MAX_BATCH, len(pids)), min(3, len(pids)), min(2, len(pids))}, reverse=True):
            batch = bytes([1, *pids[:size]])
            answers = self._judge(batch, self._ask(ecu, batch, None))
            if size > 1 and any(isinstance(a, Accepted) and len(a.data) == size for a in answers):
                self.max_pids = size
                self.info = replace(self.info, batching=True)
                return

    @property
    def mode(self) -> str:
        """How questions are asked, in one word: ``elm327-batch6-count``."""
        how = f"batch{self.max_pids}" if self.max_pids > 1 else "single"
        return f"{self._chip.dialect}-{how}" + ("-count" if self.info.frame_count else "")

    def request(self, target: str | None, payload: bytes, frames: int | None = None) -> Exchange:
        """See ``DiagLink.request``: repeats while the ECU is busy (0x21), waits on while it says pending (0x78)."""
        exchange = self._ask(target, payload, frames if self.info.frame_count else None)
        for attempt in range(BUSY_RETRIES):
            if not _says(exchange, payload[0], BUSY):
                break
            time.sleep(0.015 * (attempt + 1))
            exchange = self._ask(target, payload, None)
        if _says(exchange, payload[0], PENDING):
            exchange = self._ask_patiently(target, payload, exchange)
        if target is not None:
            self._adapt(target, payload, exchange)
        return exchange

    def _ask_patiently(self, target: str | None, payload: bytes, first: Exchange) -> Exchange:
        self._set_wait(PENDING_HEX)
        self._say("ATAT0")  # else the wait for the frame after "pending" is the usual short one
        again = self._ask(target, payload, None, patient=True)
        self._say("ATAT1")
        pending = bytes([0x7F, payload[0], PENDING])
        answered = {m.ecu for m in again.messages if m.payload != pending}
        again.messages = [m for m in again.messages if m.payload != pending or m.ecu not in answered]
        again.gaps = first.gaps + again.gaps
        return again

    def _adapt(self, target: str, payload: bytes, exchange: Exchange) -> None:
        if exchange.messages:
            self._answered.add((target, payload))
            self._timeout.answered(target, self._first_byte_ms)
        # What was never answered says nothing about time; the first support mask every ECU answers.
        elif (payload == SUPPORT or (target, payload) in self._answered) and any(
            kind is GapKind.NO_DATA for kind, _ in exchange.gaps
        ):
            self._timeout.missing()
        self._timeout.change()

    def _set_wait(self, text: str) -> None:
        if text != self._wait:
            self._say(f"ATST{text}")
            self._wait = text

    def _ask(self, target: str | None, payload: bytes, frames: int | None, *, patient: bool = False) -> Exchange:
        self._sync()
        if not patient:
            # The wait is learned from the ECUs that are polled; a question to everybody is for slower ones too.
            slow = target is None and self._timeout.current_ms < DEFAULT_MS
            self._set_wait(DEFAULT_HEX if slow else self._timeout.text)
        data = payload.hex().upper()
        count = frames if frames is not None and 1 <= frames <= 15 else None
        if target and self.info.stpx:
            text = f"STPX H:{self._request_id(target)}, D:{data}" + (f", R:{count}" if count else "")
        else:
            self._address(target)
            self._sync()
            text = data + (f"{count:X}" if count else "")
        answer = self._session.command(text, ANSWER_S, budget=PATIENT_S if patient else None)
        self._watch_for_reset(answer, text)
        self._first_byte_ms = answer.first_byte * 1000
        exchange = self._exchange(answer, target)
        if any(not answers(payload, message.payload) for message in exchange.messages):
            self._session.in_doubt = True  # the answer to another question: is this one's still to come?
        return exchange

    def _sync(self) -> None:
        if self._session.in_doubt:
            self._session.resync()

    def _address(self, target: str | None) -> None:
        if not self.is_can or isinstance(self._parser, BareLines):
            return  # legacy protocols and adapters without headers ask everybody
        header = self._request_id(target)
        if header != self._header:
            done = "OK" in self._say(f"ATSH{header}").lines
            self._header = header if done else ""  # not believed: said again before the next question

    def _request_id(self, target: str | None) -> str:
        """The header that reaches ``target``: 7E8 listens on 7E0, 18DAF110 on 18DA10F1 (ISO 15765-4 clause 8)."""
        if self.number in ELEVEN_BIT:
            return "7DF" if target is None else f"{int(target, 16) - 8:03X}"
        # Six digits: the priority byte 18 is the adapter's default (AT CP).
        return "DB33F1" if target is None else f"DA{target[6:8]}F1"

    def _say(self, command: str) -> Answer:
        self._sync()
        return self._session.command(command, 0.6)

    def _exchange(self, answer: Answer, target: str | None) -> Exchange:
        exchange = Exchange(elapsed=answer.elapsed)
        late, self._session.late = self._session.late, 0
        exchange.gaps.extend([(GapKind.LATE, tr("an answer after its time"))] * late)
        if not answer.complete:
            exchange.gaps.append((GapKind.TIMEOUT, " | ".join(answer.lines)[:80]))
            return exchange
        expected = target if self.is_can and not isinstance(self._parser, BareLines) else None
        parsed = self._parser.parse(answer.lines, expected, answer.t)
        exchange.messages = parsed.messages
        exchange.gaps += parsed.gaps
        exchange.frames = parsed.frames
        if not answer.lines:
            exchange.gaps.append((GapKind.NO_DATA, tr("an empty answer")))
            self._session.in_doubt = True  # a prompt of something else, perhaps
        if GapKind.STOPPED in parsed.complaints or GapKind.FOREIGN in (kind for kind, _ in parsed.gaps):
            self._session.in_doubt = True
        return exchange

    def _watch_for_reset(self, answer: Answer, sent: str = "") -> None:
        squeezed = [line.replace(" ", "").upper() for line in answer.lines]
        if any("LVRESET" in line for line in squeezed):
            raise LinkError(Trouble.LOW_VOLTAGE, tr("The adapter restarted because of it."))
        if self._session.was_reset(answer) or (sent and sent.replace(" ", "") in squeezed):
            raise LinkError(Trouble.ADAPTER_RESET, tr("It has forgotten its settings."))

    @staticmethod
    def _judge(payload: bytes, exchange: Exchange) -> list[object]:
        return [accept(payload, message.payload) for message in exchange.messages]

    def voltage(self) -> float | None:
        """Volts at pin 16, as ATRV says."""
        self._sync()
        return read_voltage(self._session)

    def close(self) -> None:
        self._session.close()

    _first_byte_ms = 0.0


def _says(exchange: Exchange, service: int, code: int) -> bool:
    """Whether there is an ECU that said nothing but a refusal with ``code``."""
    refusal = bytes([0x7F, service, code])
    others = {m.ecu for m in exchange.messages if m.payload != refusal}
    return any(m.payload == refusal and m.ecu not in others for m in exchange.messages)


def _guess_protocol(lines: list[str]) -> str:
    """From the shape of the first data line, for adapters that do not know ATDPN."""
    for line in lines:
        digits = line.replace(" ", "")
        if re.fullmatch(r"7E[89A-F][0-9A-F]{4,16}", digits) and len(digits) % 2:
            return "6"
        if re.fullmatch(r"18DAF1[0-9A-F]{6,18}", digits):
            return "7"
    return ""


def _without_headers(lines: list[str]) -> bool:
    """An adapter that said OK to ATH1 and still prints bare bytes (some clones)."""
    data = [line.replace(" ", "") for line in lines if re.fullmatch(r"[0-9A-F ]{4,}", line)]
    return bool(data) and all(line.startswith("4100") for line in data)
