"""Data the program ships with: signal tables, cars, themes, fonts, icons, translations."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Where the resource lies, for example ``path("signals", "mode01.csv")``."""
    return ROOT.joinpath(*parts)
