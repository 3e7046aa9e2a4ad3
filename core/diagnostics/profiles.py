"""What the program remembers of a vehicle: its name, limits, gauges, units, and what its control units offer.

One JSON file a vehicle, ``home/profiles/<id>.json``. A file that cannot be read is kept beside under a name with
``.damaged-`` in it, and said; keys this version does not know are kept as they are.
"""

import copy
import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

from core.diagnostics import alarm_rules
from core.diagnostics.alarm_rules import AlarmRule, RuleError
from core.diagnostics.files import NoticeKind, StorageNotice, make_folder, read_whole, set_aside, write_whole
from core.language import tr

UNKNOWN_ID = "unknown-vehicle"
ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*")
VIN_LENGTH = 17  # ISO 3779; older vehicles have shorter chassis numbers, and are accepted


class ProfileError(Exception):
    """A profile that is not there or cannot be kept; the message says so in words."""


@dataclass(slots=True)
class VehicleProfile:
    """One vehicle. ``limits`` holds only what differs from the defaults (see
    ``alarm_rules.rules_with``; any key will do), ``layout`` is the screen's own.
    """

    id: str
    vin: str = ""
    name: str = ""
    limits: dict[str, AlarmRule] = field(default_factory=dict)
    layout: dict[str, Any] = field(default_factory=dict)
    supported: dict[str, list[int]] = field(default_factory=dict)  # Mode 01 PIDs by ECU id ("7E8")
    units: dict[str, str] = field(default_factory=dict)  # chosen unit by signal name
    unread: dict[str, Any] = field(default_factory=dict, repr=False)  # keys of a newer version

    @property
    def title(self) -> str:
        """What to call the vehicle: its name, else its VIN, else that it is unknown."""
        return self.name or self.vin or tr("Unknown vehicle")


def normal_vin(vin: str) -> str:
    """The VIN in capitals without spaces, hyphens and fillers; empty when the control unit was never given one."""
    plain = re.sub(r"[^0-9A-Z]", "", vin.upper())
    return "" if len(set(plain)) <= 1 else plain


def id_of(vin: str) -> str:
    """The profile id of a VIN, safe as a file name."""
    plain = normal_vin(vin)
    if not plain:
        return UNKNOWN_ID
    # Two long strings that begin alike must not share a file.
    return f"vin-{plain}" if len(plain) <= VIN_LENGTH else f"vin-{plain[:VIN_LENGTH]}-{zlib.crc32(plain.encode()):08x}"


class ProfileStore:
    """The profiles in ``home/profiles``. Every method may be called from any thread; profiles handed out are copies.

    ``on_notice`` hears of files that were damaged.
    """

    def __init__(self, home: Path, *, on_notice: Callable[[StorageNotice], None] | None = None) -> None:
        self._folder = home / "profiles"
        self._on_notice = on_notice
        self._lock = RLock()
        self._read: dict[str, VehicleProfile] = {}

    def load(self, id: str) -> VehicleProfile:
        """The profile of that id. Raises ``ProfileError`` when there is none."""
        with self._lock:
            found = self._find(id)
            if found is None:
                raise ProfileError(tr("There is no vehicle profile “{id}”.", id=id))
            return copy.deepcopy(found)

    def for_vin(self, vin: str) -> VehicleProfile:
        """The vehicle's profile, made now if this is the first visit; the unknown vehicle's when there is no VIN.

        A new profile that cannot be written is handed out all the same: the car must run on the screen.
        """
        id = id_of(vin)
        with self._lock:
            found = self._find(id)
            if found is None:
                found = VehicleProfile(id, normal_vin(vin))
                try:
                    self.save(found)
                except ProfileError:
                    self._read[id] = found
            return copy.deepcopy(found)

    def default(self) -> VehicleProfile:
        """The profile of a vehicle that does not say who it is."""
        return self.for_vin("")

    def all(self) -> tuple[VehicleProfile, ...]:
        """Every known vehicle, by title."""
        with self._lock:
            ids = {path.stem for path in self._folder.glob("*.json") if ID.fullmatch(path.stem)} | set(self._read)
            found = [copy.deepcopy(profile) for id in ids if (profile := self._find(id)) is not None]
        return tuple(sorted(found, key=lambda profile: (profile.title.casefold(), profile.id)))

    def save(self, profile: VehicleProfile) -> None:
        """Write the whole profile. Raises ``RuleError`` for a limit that cannot work, ``ProfileError`` for a bad disk.

        When several threads change one vehicle use ``change``: the last ``save`` wins as a whole.
        """
        for rule in profile.limits.values():
            alarm_rules.check(rule)
        path = self._path(profile.id)
        with self._lock:
            try:
                make_folder(self._folder)
                write_whole(path, _to_bytes(profile))
            except (TypeError, ValueError) as error:
                raise ProfileError(
                    tr("The layout of “{name}” cannot be kept: {why}", name=profile.title, why=error)
                ) from (error)
            except OSError as error:
                why = error.strerror or str(error)
                said = tr(
                    "The profile of “{name}” could not be saved to {path}: {why}. The last saved one is still there.",
                    name=profile.title,
                    path=path,
                    why=why,
                )
                raise ProfileError(said) from error
            self._read[profile.id] = copy.deepcopy(profile)

    def change(self, id: str, edit: Callable[[VehicleProfile], None]) -> VehicleProfile:
        """Read, edit and save in one step, so that a new layout and a new limit do not overwrite each other."""
        with self._lock:
            profile = self.load(id)
            edit(profile)
            self.save(profile)
            return profile

    def remember_supported(self, id: str, supported: Mapping[str, Iterable[int]]) -> VehicleProfile:
        """Keep the Mode 01 PIDs each control unit offers; units not named keep theirs. Writes only what is new."""
        found = {ecu: sorted(set(pids)) for ecu, pids in supported.items()}
        with self._lock:
            profile = self.load(id)
            if all(profile.supported.get(ecu) == pids for ecu, pids in found.items()):
                return profile
            return self.change(id, lambda one: one.supported.update(found))

    def _path(self, id: str) -> Path:
        if not ID.fullmatch(id):
            raise ProfileError(tr("“{id}” cannot be the id of a vehicle profile.", id=id))
        return self._folder / f"{id}.json"

    def _find(self, id: str) -> VehicleProfile | None:
        if id not in self._read:
            profile = self._from_disk(id)
            if profile is None:
                return None
            self._read[id] = profile
        return self._read[id]

    def _from_disk(self, id: str) -> VehicleProfile | None:
        path = self._path(id)
        try:
            found = json.loads(read_whole(path))
            if not isinstance(found, dict):
                raise TypeError(type(found).__name__)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, RecursionError) as error:
            self._keep_aside(path, str(error))
            vin = id.removeprefix("vin-") if id != UNKNOWN_ID else ""
            return VehicleProfile(id, vin if len(vin) <= VIN_LENGTH else "")
        profile, wrong = _from_json(id, found)
        if wrong:
            self._keep_aside(path, ", ".join(wrong))
            with suppress(OSError):  # what could be read; the rest is in the file kept aside
                write_whole(path, _to_bytes(profile))
        return profile

    def _keep_aside(self, path: Path, why: str) -> None:
        try:
            aside = set_aside(path)
        except OSError:
            aside = path  # then nothing can be written over it either
        if self._on_notice is not None:
            self._on_notice(StorageNotice(NoticeKind.DAMAGED, aside, why))


def _to_bytes(profile: VehicleProfile) -> bytes:
    found = dict(profile.unread)
    found.update(
        format=1,
        vin=profile.vin,
        name=profile.name,
        limits={key: alarm_rules.to_json(rule) for key, rule in profile.limits.items()},
        layout=profile.layout,
        supported={ecu: [f"{pid:02X}" for pid in pids] for ecu, pids in profile.supported.items()},
        units=profile.units,
    )
    return json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False).encode()


def _from_json(id: str, found: dict[str, Any]) -> tuple[VehicleProfile, list[str]]:
    """What can be used of a file, and the names of the parts that cannot."""
    profile = VehicleProfile(id)
    wrong: list[str] = []
    for key, value in found.items():
        read = _PARTS.get(key)
        if read is None:
            if key != "format":
                profile.unread[key] = value
            continue
        try:
            setattr(profile, key, read(value))
        except (TypeError, ValueError, AttributeError, RuleError) as error:
            wrong.append(f"{key}: {error}")
    return profile, wrong


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value


def _limits(value: Any) -> dict[str, AlarmRule]:
    """None stands for the default, also for a single rule."""
    return {key: alarm_rules.from_json(rule) for key, rule in (value or {}).items() if rule is not None}


def _layout(value: Any) -> dict[str, Any]:
    return dict(value or {})


def _supported(value: Any) -> dict[str, list[int]]:
    return {_text(ecu): [int(pid, 16) for pid in pids] for ecu, pids in (value or {}).items()}


def _units(value: Any) -> dict[str, str]:
    return {name: _text(unit) for name, unit in (value or {}).items()}


_PARTS: Mapping[str, Callable[[Any], Any]] = {
    "vin": _text,
    "name": _text,
    "limits": _limits,
    "layout": _layout,
    "supported": _supported,
    "units": _units,
}
