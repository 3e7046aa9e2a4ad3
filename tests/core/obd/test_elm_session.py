"""One command, one prompt, and the way back after noise."""

import pytest

from core.obd.bytelink import LinkError
from core.obd.elm_session import ElmSession
from core.obd.status import Trouble
from tests.core.obd.scripted import ScriptedBytes

NAME = b"ELM327 v1.5\r\r>"


def session(answers: dict[str, bytes | None]) -> tuple[ElmSession, ScriptedBytes]:
    link = ScriptedBytes(lambda command: answers.get(command, b"?\r\r>"))
    made = ElmSession(link)
    made.name = "ELM327 v1.5"
    return made, link


def test_an_answer_is_its_lines_without_prompt_and_blanks() -> None:
    talk, _ = session({"010C": b"7E8 04 41 0C 1A F8 \r\n\r>"})
    answer = talk.command("010C")
    assert answer.lines == ["7E8 04 41 0C 1A F8"]
    assert answer.complete


def test_nul_bytes_are_ignored_and_other_noise_spoils_its_line() -> None:
    talk, _ = session({"010C": b"7E8\x0004410C1AF8\r7E90441\xff0C1AF8\r\r>"})
    assert talk.command("010C").lines == ["7E804410C1AF8", "7E90441#0C1AF8"]


def test_silence_ends_after_the_wait_and_leaves_the_session_in_doubt() -> None:
    talk, _ = session({"010C": None})
    answer = talk.command("010C", 0.05)
    assert not answer.complete
    assert talk.in_doubt


def test_an_answer_after_its_time_is_thrown_away_and_counted() -> None:
    talk, link = session({"010C": None, "0105": b"7E80341057B\r\r>", "ATI": NAME})
    talk.command("010C", 0.05)
    link.pending += b"7E804410C1AF8\r\r>"  # now the adapter wakes up
    talk.resync()
    assert talk.command("0105").lines == ["7E80341057B"]
    assert talk.late == 1
    assert not talk.in_doubt


def test_an_adapter_that_forgot_its_settings_is_noticed() -> None:
    talk, _ = session({"ATI": b"ATI\rELM327 v1.5\r\r>"})
    with pytest.raises(LinkError) as caught:
        talk.resync()
    assert caught.value.trouble is Trouble.ADAPTER_RESET


def test_an_adapter_that_stays_silent_is_given_up_within_a_second() -> None:
    talk, _ = session({"ATI": None})
    with pytest.raises(LinkError) as caught:
        talk.resync()
    assert caught.value.trouble is Trouble.ADAPTER_SILENT


def test_a_babbling_port_is_cut_off() -> None:
    talk, _ = session({"010C": b"x" * 50_000})
    assert not talk.command("010C", 0.2).complete
