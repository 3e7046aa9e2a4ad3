"""Wiring only: command line, settings, start-up order, kiosk mode, the demo garage."""
