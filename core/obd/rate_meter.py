"""How often each signal really comes, in values a second."""


class RateMeter:
    """Achieved rates over the last two seconds or so, by signal key."""

    EVERY_S = 1.0

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._before: dict[str, int] = {}
        self._began = self._before_began = 0.0

    def restart(self, now: float) -> None:
        self._counts, self._before = {}, {}
        self._began = self._before_began = now

    def count(self, key: str) -> None:
        self._counts[key] = self._counts.get(key, 0) + 1

    def due(self, now: float) -> bool:
        return now - self._began >= self.EVERY_S

    def take(self, now: float) -> tuple[dict[str, float], float]:
        """Values a second by key, and of all together; the count begins anew."""
        seconds = max(0.001, now - self._before_began)
        keys = self._counts.keys() | self._before.keys()
        hz = {key: (self._counts.get(key, 0) + self._before.get(key, 0)) / seconds for key in keys}
        self._before, self._counts = self._counts, {}
        self._before_began, self._began = self._began, now
        return hz, sum(hz.values())
