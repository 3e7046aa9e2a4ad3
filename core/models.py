"""Every table there is: importing this module makes the metadata, and so the schema of the program, complete.

Who opens records imports it first; ``core.records`` itself knows no rooms.
"""

from core.people import models as people
from core.planning import models as planning
from core.records import search, tables
from core.records.fields import ALL
from core.sync import members
from core.vehicles import models as vehicles
from core.workshop import estimate_models, inspection_models, invoice_models, parts_models
from core.workshop import models as workshop

ROOMS = (
    tables, search, members, people, vehicles, workshop, estimate_models, inspection_models, parts_models,
    invoice_models, planning,
)  # fmt: skip

__all__ = ["ALL", "ROOMS"]
