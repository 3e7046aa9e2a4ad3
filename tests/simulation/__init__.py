"""Whole terminals in one process under a virtual clock, network and disk; one seed decides everything that goes wrong.

``python -m tests.simulation --seeds 1000`` runs seeds, ``--replay SEED -v`` tells the story of one. ``world`` plays a
seed, ``terminal`` is one terminal with the real records and the real exchange, ``faults``, ``disk`` and ``network`` are
what breaks, ``workload`` is what people do, ``ledger`` remembers what was acknowledged, ``oracle`` says by forty
independent lines what the rows must read, and ``properties`` compares.
"""
