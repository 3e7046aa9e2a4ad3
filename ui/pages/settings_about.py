"""What this terminal is: its name, version, data folder, what went wrong lately, and the licences."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.language import tr
from ui import licences, theme, words
from ui.context import UiContext
from ui.widgets.buttons import Button
from ui.widgets.dialogs import Sheet
from ui.widgets.panels import Row, Separator, label
from ui.widgets.settings_card import Report, SettingsCard
from ui.widgets.touch import scrolling


class AboutCard(SettingsCard):
    """Facts, and two sheets."""

    def __init__(self, context: UiContext, report: Report) -> None:
        super().__init__(tr("This terminal"), context, report)
        name = Row("bayline", context.terminal_name, tr("Bayline {version}", version=context.version))
        folder = Row("folder", tr("Data folder"), str(context.home))
        folder.meaning.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.problems = Row("warning", tr("Problems"), "")
        for at, row in enumerate((name, folder, self.problems)):
            if at:
                self.body.addWidget(Separator())
            self.body.addWidget(row)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.space(3))
        self.show_problems = Button(tr("Problems…"))
        self.show_problems.clicked.connect(lambda _=False: ProblemSheet(self, context).open())
        show_licences = Button(tr("Licences…"))
        show_licences.clicked.connect(lambda _=False: LicenceSheet(self).open())
        buttons.addStretch()
        buttons.addWidget(self.show_problems)
        buttons.addWidget(show_licences)
        self.body.addLayout(buttons)
        self.refresh()

    def refresh(self) -> None:
        count = len(self.context.problems)
        self.show_problems.setEnabled(count > 0)
        self.problems.meaning.setText(
            tr("None since the terminal started.")
            if not count
            else tr("1 since the terminal started.")
            if count == 1
            else tr("{count} since the terminal started.", count=count)
        )


class ProblemSheet(Sheet):
    """What went wrong since the start, newest first."""

    def __init__(self, anchor: QWidget, context: UiContext) -> None:
        super().__init__(anchor, tr("Problems"), side="right", width=640)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, theme.space(2), 0)
        column.setSpacing(theme.space(3))
        for problem in reversed(context.problems):
            column.addWidget(label(words.time_of_day(problem.at, seconds=True), "caption"))
            column.addWidget(label(problem.what, wrap=True))
            if problem.detail:
                column.addWidget(label(problem.detail, "muted", wrap=True, select=True))
            column.addWidget(Separator())
        column.addStretch()
        self.body.addWidget(scrolling(holder))


class LicenceSheet(Sheet):
    """The notice of our licence, and the libraries with theirs."""

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor, tr("Licences"), side="right", width=760)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, theme.space(2), 0)
        column.setSpacing(theme.space(4))
        column.addWidget(label("GPL-3.0-or-later", "heading"))
        column.addWidget(label(tr(licences.NOTICE), wrap=True))
        column.addWidget(Separator())
        column.addWidget(label(tr("Built on"), "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.space(6))
        grid.setVerticalSpacing(theme.space(2))
        grid.setColumnStretch(1, 1)
        for row, library in enumerate(licences.libraries()):
            grid.addWidget(label(f"{library.name} {library.version}".strip()), row, 0)
            grid.addWidget(label(tr(library.use), "muted"), row, 1)
            grid.addWidget(label(library.licence, "muted"), row, 2)
        column.addLayout(grid)
        column.addStretch()
        self.body.addWidget(scrolling(holder))
