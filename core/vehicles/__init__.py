"""Vehicles: what they are, whose they are and were, their papers, and what their odometers said.

Imports records and people of core. ``vehicles``, ``fleets`` and ``odometer`` have the functions that everybody calls,
``features``, ``installed_parts``, ``insurances``, ``warranties`` and ``documents`` those of what belongs to a vehicle.
``search`` says what can be looked for, ``saved_filters`` keeps it, ``figures`` counts it; ``fleet_access`` decides who
sees what. ``plausibility`` doubts an odometer, ``held_readings`` keeps what was doubted. ``vin`` checks a number,
``vin_decoding`` reads it, ``vin_filling`` fills a profile with it.
"""
