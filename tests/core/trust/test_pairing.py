"""Joining by code: both have to know it, both are bound to their keys, and guessing gets nowhere."""

import base64
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.trust.errors import CodeRefusedError, PairingError, PairingPausedError
from core.trust.grant import Grant, Introduction
from core.trust.identity import Identity
from core.trust.pairing import CODE_SECONDS, MOST_PAUSE, TRIES, Giver, Joiner, clean_code, clean_name
from core.trust.root import WorkshopRoot


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def giver(bay1: Identity, clock: Clock) -> Giver:
    return Giver(bay1, clock=clock)


def a_grant(giver: Identity) -> Grant:
    root = WorkshopRoot.create("Garage")
    return Grant(
        workshop_id="w1",
        workshop_name="Garage Müller",
        root_certificate=root.certificate_pem,
        root_key=root.key_pem,
        terminal_id="t2",
        giver=Introduction(
            "t1", "Bay 1", giver.device_id, giver.public_key, 1_790_000_000_000, "https://192.168.1.2:8420"
        ),
    )


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08}"


def wrong_try(giver: Giver, bay1: Identity, bay2: Identity, code: str) -> None:
    joiner = Joiner(another(code), bay2, bay1.public_key, "Bay 2")
    giver.finish(joiner.finish(giver.hello(joiner.hello())))


def test_who_types_the_code_gets_the_workshop_and_the_giver_learns_who_joins(
    giver: Giver, bay1: Identity, bay2: Identity
) -> None:
    offer = giver.open()
    assert len(offer.code) == 8
    assert offer.code.isdigit()
    joiner = Joiner(f" {offer.code[:4]} {offer.code[4:]}", bay2, bay1.public_key, "Bay 2")
    request = giver.finish(joiner.finish(giver.hello(joiner.hello())))
    assert (request.device_id, request.public_key, request.name) == (bay2.device_id, bay2.public_key, "Bay 2")
    grant = a_grant(bay1)
    reply = request.answer(grant)
    assert "PRIVATE KEY" not in str(reply)
    assert joiner.accept(reply) == grant


def test_a_code_is_for_one_terminal(giver: Giver, bay1: Identity, bay2: Identity) -> None:
    code = giver.open().code
    joiner = Joiner(code, bay2, bay1.public_key, "Bay 2")
    giver.finish(joiner.finish(giver.hello(joiner.hello())))
    assert giver.offer() is None
    with pytest.raises(CodeRefusedError):
        giver.hello(Joiner(code, bay2, bay1.public_key, "Bay 2").hello())


def test_three_wrong_tries_end_the_code_and_the_reply_never_says_what_was_wrong(
    giver: Giver, bay1: Identity, bay2: Identity, clock: Clock
) -> None:
    code = giver.open().code
    said = set()
    for left in (2, 1, 0):
        with pytest.raises(CodeRefusedError) as refused:
            wrong_try(giver, bay1, bay2, code)
        said.add(str(refused.value))
        clock.now += MOST_PAUSE
        offer = giver.offer()
        assert (offer.tries_left if offer else 0) == left
    with pytest.raises(CodeRefusedError) as refused:  # now the right one comes too late, with the same words
        giver.hello(Joiner(code, bay2, bay1.public_key, "Bay 2").hello())
    said.add(str(refused.value))
    assert len(said) == 1


def test_a_code_lives_two_minutes_also_when_the_exchange_began_in_time(
    giver: Giver, bay1: Identity, bay2: Identity, clock: Clock
) -> None:
    joiner = Joiner(giver.open().code, bay2, bay1.public_key, "Bay 2")
    last = joiner.finish(giver.hello(joiner.hello()))
    clock.now += CODE_SECONDS
    assert giver.offer() is None
    with pytest.raises(CodeRefusedError):
        giver.finish(last)


def test_a_new_code_and_taking_it_back_end_the_old_one(giver: Giver, bay1: Identity, bay2: Identity) -> None:
    joiner = Joiner(giver.open().code, bay2, bay1.public_key, "Bay 2")
    last = joiner.finish(giver.hello(joiner.hello()))
    giver.open()
    with pytest.raises(CodeRefusedError):
        giver.finish(last)
    giver.close()
    with pytest.raises(CodeRefusedError):
        giver.hello(_hello_of(bay2, bay1))


def _hello_of(joiner: Identity, giver: Identity) -> Mapping[str, Any]:
    return Joiner("00000000", joiner, giver.public_key, "Bay 2").hello()


def test_wrong_tries_pause_longer_and_longer_over_several_codes(
    giver: Giver, bay1: Identity, bay2: Identity, clock: Clock
) -> None:
    waits = []
    for _ in range(4):
        code = giver.open().code
        for _ in range(TRIES):
            with pytest.raises(CodeRefusedError):
                wrong_try(giver, bay1, bay2, code)
            with pytest.raises(PairingPausedError) as paused:  # not looked at, and no try lost
                giver.hello(_hello_of(bay2, bay1))
            waits.append(paused.value.wait_s)
            clock.now += paused.value.wait_s
    assert waits[:6] == [1, 2, 4, 8, 16, 30]
    assert waits[6:] == [MOST_PAUSE] * 6

    clock.now += MOST_PAUSE
    joiner = Joiner(giver.open().code, bay2, bay1.public_key, "Bay 2")  # who knows the code still gets in
    giver.finish(joiner.finish(giver.hello(joiner.hello())))
    code = giver.open().code
    with pytest.raises(CodeRefusedError):
        wrong_try(giver, bay1, bay2, code)
    clock.now += 1.01  # and the count began anew
    giver.hello(_hello_of(bay2, bay1))


def test_a_relay_in_the_middle_with_a_key_of_its_own_cannot_win(
    giver: Giver, bay1: Identity, bay2: Identity, tmp_path: Any
) -> None:
    relay = Identity.create(tmp_path / "relay", "Relay")
    code = giver.open().code
    # The joiner types the right code; its TLS connection ends at the relay, which passes everything on unchanged.
    joiner = Joiner(code, bay2, relay.public_key, "Bay 2")
    with pytest.raises(CodeRefusedError):
        giver.finish(joiner.finish(giver.hello(joiner.hello())))


def test_a_relay_that_puts_its_own_key_into_the_hello_cannot_win(
    giver: Giver, bay1: Identity, bay2: Identity, tmp_path: Any
) -> None:
    relay = Identity.create(tmp_path / "relay", "Relay")
    joiner = Joiner(giver.open().code, bay2, bay1.public_key, "Bay 2")
    changed = {**joiner.hello(), "public_key": relay.public_key}
    with pytest.raises(CodeRefusedError):
        giver.finish(joiner.finish(giver.hello(changed)))


def test_a_false_giver_that_does_not_know_the_code_is_found_out(bay1: Identity, bay2: Identity, clock: Clock) -> None:
    false = Giver(bay1, clock=clock)
    code = false.open().code
    joiner = Joiner(another(code), bay2, bay1.public_key, "Bay 2")
    last = joiner.finish(false.hello(joiner.hello()))
    keys = next(iter(false._open.exchanges.values())).keys if false._open else None
    assert keys is not None
    assert last["confirm"] != base64.b64encode(keys.proof("joiner")).decode()
    reply = {"confirm": base64.b64encode(keys.proof("giver")).decode(), "sealed": last["sealed"]}
    with pytest.raises(CodeRefusedError):
        joiner.accept(reply)


def test_the_joiners_own_proof_sent_back_proves_nothing(giver: Giver, bay1: Identity, bay2: Identity) -> None:
    joiner = Joiner(giver.open().code, bay2, bay1.public_key, "Bay 2")
    last = joiner.finish(giver.hello(joiner.hello()))
    with pytest.raises(CodeRefusedError):
        joiner.accept({"confirm": last["confirm"], "sealed": last["sealed"]})


def test_an_element_sent_back_to_its_maker_is_refused(giver: Giver, bay1: Identity, bay2: Identity) -> None:
    joiner = Joiner(giver.open().code, bay2, bay1.public_key, "Bay 2")
    element = joiner.hello()["element"]
    with pytest.raises(PairingError):
        joiner.finish({"exchange": "aa", "element": element})


def test_a_grant_in_the_name_of_another_terminal_is_refused(giver: Giver, bay1: Identity, bay2: Identity) -> None:
    joiner = Joiner(giver.open().code, bay2, bay1.public_key, "Bay 2")
    request = giver.finish(joiner.finish(giver.hello(joiner.hello())))
    with pytest.raises(PairingError):
        joiner.accept(request.answer(a_grant(bay2)))


def test_a_terminal_does_not_pair_with_itself(giver: Giver, bay1: Identity) -> None:
    joiner = Joiner(giver.open().code, bay1, bay1.public_key, "Bay 1")
    with pytest.raises(PairingError):
        giver.hello(joiner.hello())


def test_hellos_without_end_end_the_code_and_not_the_memory(giver: Giver, bay1: Identity, bay2: Identity) -> None:
    giver.open()
    hello = _hello_of(bay2, bay1)
    for _ in range(30):
        giver.hello(hello)
        assert giver._open is not None
        assert len(giver._open.exchanges) <= 4
    with pytest.raises(CodeRefusedError):
        giver.hello(hello)
    assert giver.offer() is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=90) | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(["version", "public_key", "element", "exchange", "confirm", "sealed"])
POINTS = st.binary(min_size=33, max_size=33).map(lambda raw: base64.b64encode(raw).decode())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(FIELDS, ANYTHING | POINTS, min_size=1), whole=ANYTHING)
def test_messages_without_sense_are_refused_in_words_never_with_a_crash(
    giver: Giver, bay1: Identity, bay2: Identity, changes: dict[str, object], whole: object
) -> None:
    joiner = Joiner(giver.open().code, bay2, bay1.public_key, "Bay 2")
    hello = joiner.hello()
    giver._wrong = 0
    for message in ({**hello, **changes}, whole):
        try:
            giver.hello(message)
        except PairingError as error:
            assert str(error)  # noqa: PT017 - a refusal is welcome, and so is a change that means nothing
    last = joiner.finish(giver.hello(hello))
    for message in (whole, {**last, **changes}):
        try:
            giver.finish(message)
        except PairingError as error:
            assert str(error)  # noqa: PT017
        giver._wrong = 0
    for message in (whole, changes):
        with pytest.raises(PairingError):
            joiner.accept(message)


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨"])
def test_what_cannot_be_a_code_is_said_at_once(typed: str) -> None:
    with pytest.raises(PairingError, match="eight digits"):
        clean_code(typed)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b", "a\x1b[31mb", None, 7, "\u202etxt"])
def test_names_that_cannot_be_shown_in_a_line_are_refused(name: object) -> None:
    with pytest.raises(PairingError):
        clean_name(name)
    assert clean_name("  Büro \n 2 ") == "Büro 2"
