"""Vehicles: what they are, whose they are and were, their papers, and what their odometers said.

Imports records and people of core. ``vehicles``, ``fleets``, ``documents`` and ``odometer`` have the functions that
everybody calls.
"""
