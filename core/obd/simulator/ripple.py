"""Noise that depends on the step alone: sensors tremble, but the same way in every run."""


def ripple(step: int, salt: int) -> float:
    """From -1 to 1, even; ``salt`` tells one sensor's noise from another's."""
    word = (step * 0x9E3779B1 ^ salt * 0x85EBCA6B) & 0xFFFFFFFF
    word = (word ^ word >> 15) * 0x2C1B3C6D & 0xFFFFFFFF
    return ((word ^ word >> 13) & 0xFFFF) / 32767.5 - 1.0
