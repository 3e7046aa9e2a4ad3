"""What the parts of the page Vehicles share: who works there, how a deed is done, told and taken back."""

from PySide6.QtCore import Signal

from core.vehicles.search import VehicleCriteria
from ui.pages.parts_desk import PartsDesk


class VehiclesDesk(PartsDesk):
    """As at the parts; ``vehicle(id)``: bring one to the front, ``asked(criteria)``: show these."""

    vehicle = Signal(str)
    asked = Signal(object)

    def show_of_customer(self, customer: str) -> None:
        """Show all vehicles of a customer."""
        self.asked.emit(VehicleCriteria(customer_id=customer))
