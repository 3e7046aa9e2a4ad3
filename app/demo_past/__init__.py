"""The demo garage's past: people, cars and two years of work, drawn from one seed by rules a mechanic would believe.

``stock`` is what it is made of, ``cars`` who owns what, ``visits`` why and when each car came, ``diary`` who worked on
it when, ``rows`` what that leaves in the records, ``telling`` writes it down.
"""
