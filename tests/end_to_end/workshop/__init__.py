"""A workshop of real processes: terminals in network namespaces of their own, cables that are pulled, kill -9.

``python -m tests.end_to_end.workshop --help`` runs it for as long as one likes; the suite runs a small one.
"""
