"""When and where work is done: appointments, time set aside in bays and with people, shifts and absences.

Stands on records, people, vehicles and workshop.
"""
