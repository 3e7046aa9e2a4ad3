"""Progress on stderr: a line that is written over on a screen, and few lines where they are kept."""

import io
import sys

import pytest

from app.progress import Told


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_in_a_log_there_is_a_line_a_step_and_one_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    told = Told(lambda: now[0])
    for row in range(1000):
        now[0] = row * 0.01
        told("fetching", row, 1000)
    told("fetching", 1000, 1000)
    told("opening", 0, 0)
    told.end()
    assert capsys.readouterr().err.splitlines() == ["fetching: 0 %", "fetching: 50 %", "fetching: 100 %", "opening"]


def test_on_a_screen_it_stays_on_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    now = [0.0]
    told = Told(lambda: now[0])
    told("a long step", 1, 3)
    now[0] = 0.1
    told("a long step", 2, 3)  # sooner than anybody can read
    told("a long step", 3, 3)
    told("next", 0, 0)
    told.end()
    told.end()
    assert screen.getvalue() == "\ra long step: 33 %\ra long step: 100 %\n\rnext\n"


def test_without_a_total_the_count_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Told()("rows", 17, 0)
    assert capsys.readouterr().err == "rows: 17\n"
