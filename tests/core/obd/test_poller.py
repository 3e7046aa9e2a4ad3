"""What may be believed of an exchange, and what is asked after a doubt."""

from core.obd.gaps import GapCounter, GapKind
from core.obd.poller import FrameCounts, Poller, frames_of
from tests.core.obd.scripted import ScriptedLink, exchange

MASK = "4100BE3FA813"


def poller(link: ScriptedLink) -> tuple[Poller, GapCounter]:
    gaps = GapCounter()
    return Poller(link, gaps, lambda kind, detail: None, lambda message, request: None), gaps


def test_values_come_with_the_time_of_their_frame() -> None:
    asking, gaps = poller(ScriptedLink([exchange("410C1AF80D32")]))
    polled = asking.poll("7E8", (0x0C, 0x0D))
    assert polled.data == {0x0C: (1.0, b"\x1a\xf8"), 0x0D: (1.0, b"\x32")}
    assert gaps.snapshot() == {}


def test_after_silence_a_fence_is_asked_and_a_late_answer_meets_it() -> None:
    late = exchange("410C1AF8", MASK)
    link = ScriptedLink([exchange(gaps=[GapKind.NO_DATA]), late, exchange("410C2EE0")])
    asking, gaps = poller(link)
    assert asking.poll("7E8", (0x0C,)).data == {}
    assert asking.poll("7E8", (0x0C,)).data == {0x0C: (1.0, b"\x2e\xe0")}
    assert [payload for _, payload, _ in link.asked] == ["010c", "0100", "010c"]
    assert gaps.snapshot() == {GapKind.NO_DATA: 1, GapKind.LATE: 1}


def test_the_answer_to_the_question_before_is_counted_as_late() -> None:
    link = ScriptedLink([exchange("41057B"), exchange("410C1AF8"), exchange(MASK), exchange("410C1AF8")])
    asking, gaps = poller(link)
    asking.poll("7E8", (0x05,))
    assert asking.poll("7E8", (0x0D,)).data == {}
    assert gaps.snapshot() == {GapKind.FOREIGN: 1}, "0C was never asked"
    asking.poll("7E8", (0x0C,))


def test_the_same_answer_twice_counts_once() -> None:
    asking, gaps = poller(ScriptedLink([exchange("410C1AF8", "410C1AF8")]))
    assert asking.poll("7E8", (0x0C,)).data == {0x0C: (1.0, b"\x1a\xf8")}
    assert gaps.snapshot() == {GapKind.DUPLICATE: 1}


def test_two_answers_that_differ_are_both_left_out() -> None:
    asking, gaps = poller(ScriptedLink([exchange("410C1AF8", "410C2EE0")]))
    assert asking.poll("7E8", (0x0C,)).data == {}
    assert gaps.snapshot() == {GapKind.DUPLICATE: 2}


def test_another_control_unit_does_not_answer_for_the_one_that_was_asked() -> None:
    asking, gaps = poller(ScriptedLink([exchange("7E9:410C1AF8")]))
    assert asking.poll("7E8", (0x0C,)).data == {}
    assert gaps.snapshot() == {GapKind.FOREIGN: 1}


def test_a_refusal_is_no_number() -> None:
    asking, gaps = poller(ScriptedLink([exchange("7F0112")]))
    polled = asking.poll("7E8", (0x0C,))
    assert polled.data == {}
    assert polled.refusal is not None
    assert polled.refusal.code == 0x12
    assert gaps.snapshot() == {GapKind.REFUSED: 1}


def test_frames_of_an_answer_follow_iso_15765_2() -> None:
    assert frames_of((0x0C,)) == 1
    assert frames_of((0x0C, 0x0D)) == 1  # 41 0C xx xx 0D xx
    assert frames_of((0x0C, 0x0D, 0x05)) == 2
    assert frames_of((0x04, 0x05, 0x0B, 0x0C, 0x0D, 0x0F)) == 3


def test_the_frame_count_is_learned_from_answers_and_dropped_on_a_mismatch() -> None:
    counts = FrameCounts()
    both = (0x0C, 0x0D)
    assert counts.expect("7E8", both) is None
    counts.learn("7E8", both, None, exchange("410C1AF80D32"), complete=True)
    assert counts.expect("7E8", both) == 1
    assert counts.expect("7E9", both) is None
    counts.learn("7E8", both, 1, exchange(), complete=False)
    assert counts.expect("7E8", both) is None


def test_silence_never_teaches_a_frame_count_of_zero() -> None:
    # python-OBD sends 010C0 for ever after one silent answer (research §2.2).
    counts = FrameCounts()
    counts.learn("7E8", (0x0C,), None, exchange(), complete=False)
    assert counts.expect("7E8", (0x0C,)) is None
