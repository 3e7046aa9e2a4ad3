"""A chart that says in words what the pointer or a finger is on; nothing in it can be dragged away."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.panels import label


class Chart(QWidget):
    """Subclasses put items into ``plot``, ``draw`` them, tell what lies ``under`` a place and ``say`` it."""

    def __init__(self, below: pg.AxisItem, left: pg.AxisItem) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.space(1))
        self.said = label("", "muted", wrap=True)
        column.addWidget(self.said)
        self.plot = pg.PlotWidget(axisItems={"bottom": below, "left": left})
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setFrameShape(self.plot.Shape.NoFrame)
        self.plot.getPlotItem().showGrid(y=True, alpha=0.25)
        self.plot.viewport().installEventFilter(self)
        self.plot.viewport().setMouseTracking(True)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        column.addWidget(self.plot, 1)
        theme.signals.changed.connect(self.dress)

    def draw(self) -> None:
        """Put what is known into the plot, in the colours of the theme."""

    def under(self, x: float) -> int | None:
        """Which of the things drawn stands at ``x`` of the scale below; None: none."""
        return None

    def say(self, at: int | None) -> None:
        """Say one of them in words; None: all of them."""

    def dress(self) -> None:
        """Draw in the colours of the theme."""
        self.plot.setBackground(theme.color("surface_raised"))
        for name in ("bottom", "left"):
            axis = self.plot.getPlotItem().getAxis(name)
            axis.setZValue(-1)  # the grid lies under what is drawn
            axis.setPen(pg.mkPen(theme.color("line")))
            axis.setTextPen(pg.mkPen(theme.color("text_muted")))
            axis.setStyle(tickFont=theme.font(theme.scaled(15), tabular=True), tickLength=4, autoExpandTextSpace=True)
        self.draw()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress) and isinstance(event, QMouseEvent):
            self.say(self.under(self._scale(event.position())))
        elif event.type() == QEvent.Type.Leave:
            self.say(None)
        return False

    def _scale(self, place: QPointF) -> float:
        return float(self.plot.getPlotItem().vb.mapSceneToView(self.plot.mapToScene(place.toPoint())).x())
