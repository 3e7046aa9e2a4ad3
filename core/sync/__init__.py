"""Two terminals come to the same records: vectors, the exchange, forks and epochs, seeding. The transport is passed in.

Imports records and trust of core.
"""
