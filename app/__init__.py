"""Wiring only: command line, settings, start-up order, kiosk mode, the demo garage."""

VERSION = "0.1.0"  # the one place: pyproject.toml reads it from here
