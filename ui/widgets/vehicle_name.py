"""What a person calls the vehicle in front: typed beside its VIN, kept in its profile, shown wherever it is listed."""

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from core.diagnostics.profiles import ProfileError, VehicleProfile, id_of
from core.language import tr
from ui import background, theme
from ui.context import Session
from ui.widgets.panels import label

LONGEST = 60  # characters; more has no room in a list


class VehicleName(QWidget):
    """The name of the vehicle that said its VIN; hidden while none has, for a name would go to another one then."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._id = ""
        self._known = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(2))
        column.addWidget(label(tr("Name of this vehicle"), "caption"))
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Name of this vehicle"))
        self.field.setMaxLength(LONGEST)
        self.field.editingFinished.connect(self.keep)
        column.addWidget(self.field)
        self.problem = label("", "invalid", wrap=True)
        self.problem.hide()
        column.addWidget(self.problem)
        self.hide()

    def show_vehicle(self, profile: VehicleProfile, vin: str) -> None:
        """Show the name in ``profile`` if it is that of the car with ``vin``; what is being typed stays."""
        there = bool(vin) and profile.id == id_of(vin)
        if self.isHidden() == there:
            self.setVisible(there)
        if not there or (profile.id, profile.name) == (self._id, self._known):
            return
        if profile.id != self._id or not self.field.isModified():
            self.field.setText(profile.name)
            self.field.setPlaceholderText(vin)
            self._say("")
        self._id, self._known = profile.id, profile.name

    def keep(self) -> None:
        """Keep what stands in the field as the name of the vehicle it was typed for."""
        if not self.field.isModified() or not self._id:
            return
        self.field.setModified(False)
        id, name = self._id, " ".join(self.field.text().split())
        session = self._session

        def edit(profile: VehicleProfile) -> None:
            if profile.id == id:
                profile.name = name

        def write() -> None:
            if session.profile.id == id:
                session.edit_profile(edit)
            else:  # another car has come meanwhile
                session.profiles.change(id, edit)

        background.run(self, write, lambda _: self._say(""), self._failed)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, ProfileError):
            raise error
        self._say(str(error))

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
