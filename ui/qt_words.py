"""Qt's own few words (the menus of text fields) in the language the terminal speaks."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from core import language

_installed: list[QTranslator] = []


def speak() -> bool:
    """Use the language of ``core.language`` in Qt too; False when this Qt has no words for it but English."""
    while _installed:
        QCoreApplication.removeTranslator(_installed.pop())
    translator = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load(QLocale(language.current()), "qtbase", "_", folder):
        return False
    _installed.append(translator)
    return QCoreApplication.installTranslator(translator)
