"""Signed requests: from a terminal of the workshop, as it made them, and once."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.trust.identity import Identity
from core.trust.signing import (
    COUNTER_HEADER,
    DEVICE_HEADER,
    SESSION_HEADER,
    SESSION_SECONDS,
    SESSIONS_A_DEVICE,
    SIGNATURE_HEADER,
    WINDOW,
    BadSignatureError,
    Known,
    MalformedRequestError,
    RemovedDeviceError,
    ReplayedError,
    RequestRefusedError,
    RequestSigner,
    RequestVerifier,
    SessionOverError,
    UnknownDeviceError,
    digest_of,
)

METHOD, TARGET, BODY = "POST", "/sync/v1/pull?scope=shop&limit=500", b'{"vector":{}}'
HEADERS = (DEVICE_HEADER, SESSION_HEADER, COUNTER_HEADER, SIGNATURE_HEADER)


class Clock:
    def __init__(self) -> None:
        self.now = 5.0

    def __call__(self) -> float:
        return self.now


class Workshop:
    """A server (bay 1), a caller (bay 2), and who is known."""

    def __init__(self, server: Identity, caller: Identity) -> None:
        self.server, self.caller = server, caller
        self.clock = Clock()
        self.known = {each.device_id: Known(each.public_key) for each in (server, caller)}
        self.verifier = self.restarted()

    def restarted(self) -> RequestVerifier:
        return RequestVerifier(self.server.device_id, self.known.get, clock=self.clock)

    def signer(self) -> RequestSigner:
        session = self.verifier.session(self.caller.device_id)
        return RequestSigner(self.caller, self.server.device_id, session)


@pytest.fixture
def shop(bay1: Identity, bay2: Identity) -> Workshop:
    return Workshop(bay1, bay2)


def test_a_request_says_who_made_it(shop: Workshop) -> None:
    signer = shop.signer()
    for _ in range(3):
        assert shop.verifier.verify(METHOD, TARGET, signer.sign(METHOD, TARGET, BODY), BODY) == shop.caller.device_id


def test_a_body_read_piece_by_piece_is_given_by_its_digest(shop: Workshop) -> None:
    headers = shop.signer().sign("put", TARGET, digest=digest_of(BODY))
    assert shop.verifier.verify("PUT", TARGET, headers, BODY) == shop.caller.device_id


def test_a_request_played_again_is_refused(shop: Workshop) -> None:
    headers = shop.signer().sign(METHOD, TARGET, BODY)
    shop.verifier.verify(METHOD, TARGET, headers, BODY)
    with pytest.raises(ReplayedError):
        shop.verifier.verify(METHOD, TARGET, headers, BODY)


@given(st.permutations(range(40)))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_requests_made_side_by_side_may_overtake_each_other_and_each_counts_once(
    shop: Workshop, order: list[int]
) -> None:
    signer = shop.signer()
    made = [signer.sign(METHOD, TARGET, BODY) for _ in range(40)]
    for number in order:
        shop.verifier.verify(METHOD, TARGET, made[number], BODY)
    for headers in made:
        with pytest.raises(ReplayedError):
            shop.verifier.verify(METHOD, TARGET, headers, BODY)


def test_a_request_that_comes_too_late_to_be_told_from_a_replay_is_refused(shop: Workshop) -> None:
    signer = shop.signer()
    first, second, *others = (signer.sign(METHOD, TARGET, BODY) for _ in range(WINDOW + 1))
    shop.verifier.verify(METHOD, TARGET, others[-1], BODY)
    shop.verifier.verify(METHOD, TARGET, second, BODY)
    with pytest.raises(ReplayedError):
        shop.verifier.verify(METHOD, TARGET, first, BODY)


def test_a_refused_request_uses_no_counter_up(shop: Workshop) -> None:
    headers = shop.signer().sign(METHOD, TARGET, BODY)
    with pytest.raises(BadSignatureError):
        shop.verifier.verify(METHOD, TARGET, headers, b"other")
    assert shop.verifier.verify(METHOD, TARGET, headers, BODY)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["method", "target", "body", *HEADERS]), st.data())
def test_one_byte_changed_anywhere_is_refused(shop: Workshop, part: str, data: st.DataObject) -> None:
    headers = shop.signer().sign(METHOD, TARGET, BODY)
    parts = {"method": METHOD, "target": TARGET, "body": BODY.decode(), **headers}
    old = parts[part]
    place = data.draw(st.integers(0, 10_000)) % len(old)  # a signature is not always as long
    new = chr((ord(old[place]) + data.draw(st.integers(0, 253))) % 255 + 1)  # any other
    parts[part] = old[:place] + new + old[place + 1 :]
    changed = {name: parts[name] for name in HEADERS}
    with pytest.raises(RequestRefusedError):
        shop.verifier.verify(parts["method"], parts["target"], changed, parts["body"].encode("latin-1"))


@pytest.mark.parametrize("gone", HEADERS)
def test_what_is_missing_is_malformed(shop: Workshop, gone: str) -> None:
    headers = shop.signer().sign(METHOD, TARGET, BODY)
    del headers[gone]
    with pytest.raises(MalformedRequestError):
        shop.verifier.verify(METHOD, TARGET, headers, BODY)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=200)), st.text(), st.binary())
def test_headers_without_sense_are_refused_never_a_crash(
    shop: Workshop, changes: dict[str, str], target: str, body: bytes
) -> None:
    headers = {**shop.signer().sign(METHOD, TARGET, BODY), **changes}
    with pytest.raises(RequestRefusedError):
        shop.verifier.verify(METHOD, "/other" + target, headers, body)


def test_parts_cannot_be_moved_into_each_other(shop: Workshop) -> None:
    headers = shop.signer().sign("POST", "/A\n/b", BODY)
    with pytest.raises(BadSignatureError):
        shop.verifier.verify("POST\n/A", "/b", headers, BODY)


def test_a_request_cannot_be_given_another_counter_to_be_played_again(shop: Workshop) -> None:
    headers = shop.signer().sign(METHOD, TARGET, BODY)
    shop.verifier.verify(METHOD, TARGET, headers, BODY)
    with pytest.raises(BadSignatureError):
        shop.verifier.verify(METHOD, TARGET, {**headers, COUNTER_HEADER: "2"}, BODY)


def test_a_request_to_one_terminal_is_none_to_another(shop: Workshop, bay1: Identity, bay2: Identity) -> None:
    headers = shop.signer().sign(METHOD, TARGET, BODY)
    other = RequestVerifier(bay2.device_id, shop.known.get, clock=shop.clock)
    with pytest.raises(SessionOverError):
        other.verify(METHOD, TARGET, headers, BODY)
    wrong = RequestSigner(bay2, bay2.device_id, shop.verifier.session(bay2.device_id))
    with pytest.raises(BadSignatureError):
        shop.verifier.verify(METHOD, TARGET, wrong.sign(METHOD, TARGET, BODY), BODY)


def test_the_session_of_one_caller_is_none_of_another(shop: Workshop) -> None:
    stolen = shop.verifier.session(shop.server.device_id)
    headers = RequestSigner(shop.caller, shop.server.device_id, stolen).sign(METHOD, TARGET, BODY)
    with pytest.raises(SessionOverError):
        shop.verifier.verify(METHOD, TARGET, headers, BODY)


def test_strangers_and_the_removed_are_told_apart_and_refused_at_once(shop: Workshop) -> None:
    signer = shop.signer()
    headers = signer.sign(METHOD, TARGET, BODY)
    shop.known[shop.caller.device_id] = Known(shop.caller.public_key, removed=True)
    with pytest.raises(RemovedDeviceError):
        shop.verifier.verify(METHOD, TARGET, headers, BODY)
    with pytest.raises(RemovedDeviceError):
        shop.verifier.session(shop.caller.device_id)
    del shop.known[shop.caller.device_id]
    with pytest.raises(UnknownDeviceError):
        shop.verifier.verify(METHOD, TARGET, headers, BODY)
    with pytest.raises(UnknownDeviceError):
        shop.verifier.session(shop.caller.device_id)
    with pytest.raises(MalformedRequestError):
        shop.verifier.session("nobody")


def test_a_stranger_with_the_number_of_a_terminal_has_not_its_key(shop: Workshop) -> None:
    session = shop.verifier.session(shop.caller.device_id)
    headers = RequestSigner(shop.server, shop.server.device_id, session).sign(METHOD, TARGET, BODY)
    headers[DEVICE_HEADER] = shop.caller.device_id
    with pytest.raises(BadSignatureError):
        shop.verifier.verify(METHOD, TARGET, headers, BODY)


def test_sessions_end_with_age_and_with_a_restart(shop: Workshop) -> None:
    signer = shop.signer()
    shop.clock.now += SESSION_SECONDS - 1
    shop.verifier.verify(METHOD, TARGET, signer.sign(METHOD, TARGET, BODY), BODY)
    shop.clock.now += 2
    with pytest.raises(SessionOverError):
        shop.verifier.verify(METHOD, TARGET, signer.sign(METHOD, TARGET, BODY), BODY)
    headers = shop.signer().sign(METHOD, TARGET, BODY)
    shop.verifier = shop.restarted()
    with pytest.raises(SessionOverError):
        shop.verifier.verify(METHOD, TARGET, headers, BODY)


def test_many_sessions_end_the_oldest_and_what_was_said_in_it_cannot_be_played_again(shop: Workshop) -> None:
    kept = []
    for _ in range(SESSIONS_A_DEVICE + 1):
        headers = shop.signer().sign(METHOD, TARGET, BODY)
        shop.verifier.verify(METHOD, TARGET, headers, BODY)
        kept.append(headers)
    assert len(shop.verifier._sessions[shop.caller.device_id]) == SESSIONS_A_DEVICE
    for headers in kept:
        with pytest.raises((SessionOverError, ReplayedError)):
            shop.verifier.verify(METHOD, TARGET, headers, BODY)


def test_a_stranger_takes_up_no_room_and_pushes_nobody_out(shop: Workshop) -> None:
    signer = shop.signer()
    shop.verifier.verify(METHOD, TARGET, signer.sign(METHOD, TARGET, BODY), BODY)
    for _ in range(1000):
        shop.verifier.session(shop.caller.device_id)
    assert sum(len(each) for each in shop.verifier._sessions.values()) == 1
    assert shop.verifier.verify(METHOD, TARGET, signer.sign(METHOD, TARGET, BODY), BODY)


def test_the_sessions_of_a_terminal_can_be_ended(shop: Workshop) -> None:
    signer = shop.signer()
    shop.verifier.verify(METHOD, TARGET, signer.sign(METHOD, TARGET, BODY), BODY)
    shop.verifier.forget(shop.caller.device_id)
    with pytest.raises(SessionOverError):
        shop.verifier.verify(METHOD, TARGET, signer.sign(METHOD, TARGET, BODY), BODY)
