"""What the readings mean: the live session, alarms, recordings, vehicle profiles. Imports ``core.obd``."""
