"""The work itself: repair orders, their lines, notes and photos, and who was clocked on to what.

Imports records, people and vehicles of core. ``orders``, ``lines``, ``notes`` and ``clock`` have the functions that
everybody calls; ``states`` says how an order may move; ``findings`` has what merging cannot hold.
"""
