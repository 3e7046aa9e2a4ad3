"""The one stylesheet of the application, written from a theme's tokens.

Widgets say what they are with the dynamic properties ``role`` and ``surface``; how that looks is said here only.
"""

from collections.abc import Mapping
from string import Template

_SHEET = Template("""
* { outline: none; }
QWidget { color: $text; }
QMainWindow, QDialog, QWidget[surface="page"] { background: $surface; }
QWidget[surface="raised"] { background: $surface_raised; }
QWidget[surface="sunken"] { background: $surface_sunken; }
QFrame[surface="card"] { background: $surface_raised; border: 1px solid $line; border-radius: ${radius}px; }
QFrame[surface="sunken"] { border: 1px solid $line; border-radius: ${radius}px; }
QFrame[surface="own"] { background: $accent_surface; border: 1px solid $accent; border-radius: ${radius}px; }
QFrame[surface="notice"] { background: $warning_surface; border: 1px solid $warning; border-radius: ${radius}px; }
QFrame[surface="heads"] { background: $info_surface; border: 1px solid $info; border-radius: ${radius}px; }
QLabel { background: transparent; }
QLabel[role="muted"] { color: $text_muted; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="heading"] { font-size: ${heading}px; font-weight: 600; }
QLabel[role="caption"] { font-size: ${caption}px; color: $text_muted; }
QLabel[role="invalid"] { color: $text; font-weight: 500; }

QPushButton, QToolButton {
    min-height: ${control}px; padding: 0 18px; border-radius: ${radius}px; font-weight: 500;
    background: $surface_raised; border: 2px solid $outline; color: $text;
}
QToolButton { min-width: ${control}px; padding: 0 6px; }
QPushButton:hover, QToolButton:hover { background: $surface_pressed; }
QPushButton:pressed, QToolButton:pressed { background: $surface_pressed; border-color: $text; }
QPushButton:focus, QToolButton:focus { border: 2px solid $focus; }
QPushButton:disabled, QToolButton:disabled { color: $stale; border-color: $line; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[role="primary"]:hover { border-color: $text; }
QPushButton[role="primary"]:focus { border: 3px solid $focus; min-height: ${focused}px; }
QPushButton[role="primary"]:disabled { background: $surface_pressed; color: $text_muted; border-color: $line; }
QPushButton[role="plain"], QToolButton[role="plain"] { background: transparent; border-color: transparent; }
QPushButton[role="plain"]:hover, QToolButton[role="plain"]:hover { background: $surface_pressed; }
QPushButton[role="plain"]:focus, QToolButton[role="plain"]:focus { border-color: $focus; }
QPushButton[align="left"] { text-align: left; }
QPushButton[role="danger"] { border-color: $critical; }
QPushButton[role="danger"]:focus { border-color: $focus; }
QPushButton:checked, QToolButton:checked { background: $accent_surface; border-color: $accent; }

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QAbstractSpinBox {
    background: $surface_sunken; border: 2px solid $outline; border-radius: ${radius}px; color: $text;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QPlainTextEdit, QTextEdit { placeholder-text-color: $text_muted; }
QLineEdit, QComboBox, QAbstractSpinBox { min-height: ${control}px; padding: 0 14px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {
    border-color: $focus;
}
QLineEdit[invalid="true"], QComboBox[invalid="true"] { border-color: $critical; }
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled { color: $stale; border-color: $line; }
QComboBox::drop-down { width: 40px; border: none; }
QComboBox::down-arrow { image: url("$chevron"); width: 20px; height: 20px; }
QComboBox QLineEdit { border: none; min-height: 0; padding: 0; background: transparent; }
QComboBox QAbstractItemView, QMenu, QListView, QTreeView, QTableView {
    background: $surface_raised; border: 1px solid $outline; color: $text;
    selection-background-color: $accent_surface; selection-color: $text;
}
QComboBox QAbstractItemView::item, QListView::item { min-height: ${target}px; padding: 0 12px; }
QListView::item:selected { background: $accent_surface; color: $text; border-left: 4px solid $accent; }
QListView:focus { border: 2px solid $focus; }
QListView[role="feed"] { background: $surface_raised; border: 1px solid $line; border-radius: ${radius}px; }
QListView[role="feed"]:focus { border: 2px solid $focus; }
QListView[role="feed"]::item { min-height: 0; padding: 0; border: none; }
QMenu { padding: 6px; border-radius: ${radius}px; }
QMenu::item { min-height: ${target}px; padding: 0 24px 0 16px; border-radius: 6px; }
QMenu::item:selected { background: $accent_surface; }
QMenu::item:disabled { color: $stale; }
QMenu::separator { height: 1px; background: $line; margin: 6px 8px; }
QHeaderView::section { background: $surface_raised; color: $text_muted; border: none; border-bottom: 1px solid $line;
    padding: 8px 12px; font-weight: 500; }

QCheckBox, QRadioButton { spacing: 14px; min-height: ${control}px; }
QCheckBox::indicator, QRadioButton::indicator { width: 26px; height: 26px; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[surface="clear"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 14px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 14px; margin: 0; }
QScrollBar::handle { background: $outline; border-radius: 4px; margin: 3px; }
QScrollBar::handle:vertical { min-height: ${target}px; }
QScrollBar::handle:horizontal { min-width: ${target}px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSlider::groove:horizontal { height: 6px; background: $track; border-radius: 3px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 3px; }
QSlider::handle:horizontal { width: 28px; height: 28px; margin: -12px 0; border-radius: 15px;
    background: $surface_raised; border: 2px solid $text; }
QSlider::handle:horizontal:focus { border-color: $focus; }
QProgressBar { background: $track; border: none; border-radius: 4px; max-height: 8px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }
QToolTip { background: $surface_raised; color: $text; border: 1px solid $outline; padding: 8px 10px; }
QSplitter::handle { background: $line; }
""")


def text(colors: Mapping[str, str], *, base: int, target: int, radius: int) -> str:
    """The stylesheet for tokens ``colors``; ``base`` text and ``target`` heights in px."""
    return _SHEET.substitute(
        colors,
        radius=radius,
        target=target,
        control=target - 4,  # the two borders of 2 px
        focused=target - 6,
        title=round(base * 1.55),
        heading=round(base * 1.15),
        caption=round(base * 0.84),
        chevron=_icon(colors),
    )


def _icon(colors: Mapping[str, str]) -> str:
    # A stylesheet takes pictures as files only, so each theme has its own chevron beside the line icons.
    import resources

    shade = "dark" if colors["surface"] < colors["text"] else "light"
    return resources.path("icons", f"chevron-on-{shade}.svg").as_posix()
