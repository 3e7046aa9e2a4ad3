"""The reply rule: what a reply must be before its bytes become numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.obd.gaps import GapKind
from core.obd.reply import Accepted, Refused, Rejected, accept
from core.obd.signals import pid_length


def h(text: str) -> bytes:
    return bytes.fromhex(text)


def test_a_positive_reply_that_echoes_service_and_pid() -> None:
    assert accept(h("010C"), h("410C1AF8")) == Accepted({0x0C: h("1AF8")})


def test_several_pids_in_any_order_with_some_left_out() -> None:
    verdict = accept(h("010C0D0511"), h("41057B0C1AF80D32"))
    assert verdict == Accepted({0x05: h("7B"), 0x0C: h("1AF8"), 0x0D: h("32")})


@pytest.mark.parametrize(("payload", "code"), [("7F0112", 0x12), ("7F0178", 0x78), ("7F0121", 0x21)])
def test_a_refusal_is_typed(payload: str, code: int) -> None:
    assert accept(h("010C"), h(payload)) == Refused(code)


@pytest.mark.parametrize(
    ("request_", "payload", "kind"),
    [
        ("010C", "41057B", GapKind.FOREIGN),  # the answer to another question
        ("010C", "430100", GapKind.FOREIGN),
        ("010C", "020C1AF8", GapKind.FOREIGN),
        ("010C", "410C1A", GapKind.SHORT),
        ("010C", "410C", GapKind.SHORT),
        ("010C", "41", GapKind.SHORT),
        ("010C", "", GapKind.SHORT),
        ("010C", "7F01", GapKind.SHORT),
        ("010C", "7F0912", GapKind.FOREIGN),
        ("010C", "410C1AF800", GapKind.GARBLED),  # a byte too many
        ("010C0D", "410C1AF80D", GapKind.SHORT),
        ("010C0D", "410C1AF80C1AF8", GapKind.DUPLICATE),
        ("010C0D", "410C1AF8057B", GapKind.GARBLED),
    ],
)
def test_anything_else_is_a_gap(request_: str, payload: str, kind: GapKind) -> None:
    verdict = accept(h(request_), h(payload))
    assert isinstance(verdict, Rejected)
    assert verdict.kind is kind


@given(
    st.lists(st.sampled_from([0x04, 0x05, 0x0C, 0x0D, 0x11, 0x24, 0x42]), min_size=1, max_size=6, unique=True),
    st.binary(max_size=40),
)
def test_whatever_comes_only_asked_pids_of_full_length_are_accepted(pids: list[int], payload: bytes) -> None:
    verdict = accept(bytes([1, *pids]), payload)
    if isinstance(verdict, Accepted):
        assert set(verdict.data) <= set(pids)
        assert all(len(data) == pid_length(pid) for pid, data in verdict.data.items())


def test_both_lengths_that_cars_send_are_accepted_alone_and_the_learned_one_in_company() -> None:
    assert accept(h("0106"), h("410680")) == Accepted({0x06: h("80")})
    assert accept(h("0106"), h("41068081")) == Accepted({0x06: h("8081")})
    usual = accept(h("01060C"), h("4106800C1AF8"))
    assert usual == Accepted({0x06: h("80"), 0x0C: h("1AF8")})
    assert isinstance(accept(h("01060C"), h("410680810C1AF8")), Rejected)
    learned = accept(h("01060C"), h("410680810C1AF8"), {0x06: 2})
    assert learned == Accepted({0x06: h("8081"), 0x0C: h("1AF8")})
