"""Qt: shell, theme, widgets and one page a screen. The only place that imports PySide6."""
