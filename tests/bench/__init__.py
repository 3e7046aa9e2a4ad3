"""Measurements, never part of the suite: two things compared in one run, interleaved, as ratios. ``make bench``."""
