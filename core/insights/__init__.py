"""What the records add up to: the dashboard, how technicians do, and the figures behind them.

Stands on records, people, vehicles, workshop and planning.
"""
