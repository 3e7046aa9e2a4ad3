"""Car files: TOML read into a ``CarSpec``, with every mistake explained where it stands.

``resources/cars/compact_petrol.toml`` is the commented, complete example.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from core.language import tr
from core.obd import signals
from core.obd.simulator.car_spec import (
    CAN_PROTOCOLS,
    COMPRESSION,
    CONTINUOUS,
    ORDERS,
    PROTOCOLS,
    SPARK,
    CarSpec,
    EcuSpec,
    FreezeFrame,
    MonitorTest,
    Slow,
)
from core.obd.simulator.file_table import CarFileError, FileTable
from core.obd.simulator.vehicle import Body, Engine, Gearbox, Scenario, Start, Vehicle

__all__ = ["CarFileError", "read_car"]

_CODE = re.compile(r"[PCBU][0-3][0-9A-F]{3}")
_PADDING: Mapping[str, int | None] = {"00": 0x00, "55": 0x55, "AA": 0xAA, "CC": 0xCC, "none": None}
_HIGHEST_NUMBER = 1e9


def read_car(path: Path) -> CarSpec:
    """The car described in ``path``. Raises ``CarFileError`` (a ``ValueError``) in the words of who wrote the file."""
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise CarFileError(
            tr("{file}: the car file cannot be read: {why}.", file=path.name, why=error.strerror or str(error))
        ) from error
    except (ValueError, RecursionError) as error:  # no text, no TOML, too many digits or brackets
        raise CarFileError(tr("{file}: this is not TOML: {why}.", file=path.name, why=error)) from error
    top = FileTable(path.name, "", data)
    protocol = PROTOCOLS[top.choice("protocol", None, PROTOCOLS)]
    spec = CarSpec(
        name=top.text("name"),
        protocol=protocol,
        vin=_vin(top, "vin", required=True),
        vehicle=_vehicle(top.table("vehicle")),
        ecus=_ecus(top, protocol),
        padding=_PADDING[top.choice("padding", "00", _PADDING)],
        message_gap_s=top.number("message_gap_ms", 30, 0, 1000) / 1000,
    )
    top.close()
    return spec


def _vin(table: FileTable, key: str, *, required: bool) -> str:
    vin = table.text(key, None if required else "")
    if (vin or required) and not re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", vin):
        raise table.wrong(
            key,
            tr("“{value}” is not a VIN.", value=vin),
            tr("A VIN has 17 capital letters and digits, and none of I, O and Q (ISO 3779)."),
        )
    return vin


def _vehicle(table: FileTable) -> Vehicle:
    body, engine, gearbox = table.table("body"), table.table("engine"), table.table("gearbox")
    vehicle = Vehicle(
        body=Body(
            mass_kg=body.number("mass_kg", 1320, 500, 40000),
            drag_area_m2=body.number("drag_area_m2", 0.66, 0.2, 12),
            rolling=body.number("rolling", 0.011, 0.004, 0.05),
            wheel_radius_m=body.number("wheel_radius_m", 0.302, 0.2, 0.7),
            tank_l=body.number("tank_l", 50, 5, 1000),
        ),
        engine=_engine(engine),
        gearbox=Gearbox(
            kind=gearbox.choice("kind", "automatic", ("automatic", "manual", "power_split")),
            gears=gearbox.numbers("gears", Gearbox().gears, 0.2, 20),
            final_drive=gearbox.number("final_drive", 3.72, 1, 12),
        ),
        start=_start(table.table("start")),
        scenario=_scenario(table.table("scenario")),
    )
    if not vehicle.gearbox.gears or list(vehicle.gearbox.gears) != sorted(vehicle.gearbox.gears, reverse=True):
        raise gearbox.wrong("gears", tr("the ratios do not fall."), tr("List them from first gear upwards."))
    for part in (body, gearbox, table):
        part.close()
    return vehicle


def _engine(table: FileTable) -> Engine:
    engine = Engine(
        fuel=table.choice("fuel", "petrol", ("petrol", "diesel")),
        displacement_l=table.number("displacement_l", 1.6, 0.3, 20),
        idle_rpm=table.number("idle_rpm", 680, 400, 1500),
        redline_rpm=table.number("redline_rpm", 6600, 2500, 15000),
        boost_kpa=table.number("boost_kpa", 0, 0, 300),
        torque_nm=table.number("torque_nm", 320, 20, 3000),
        efficiency=table.number("efficiency", 0.39, 0.2, 0.5),
    )
    if engine.fuel == "diesel" and not engine.boost_kpa:
        raise table.wrong("boost_kpa", tr("it is missing."), tr("A diesel here has a turbocharger: give its boost."))
    table.close()
    return engine


def _start(table: FileTable) -> Start:
    ambient = table.number("ambient_c", 18, -40, 55)
    start = Start(
        driving=table.flag("driving", False),
        speed_kmh=table.number("speed_kmh", 0, 0, 130),
        ambient_c=ambient,
        coolant_c=table.number("coolant_c", ambient, -40, 105),
        oil_c=table.number("oil_c", ambient, -40, 140),
        fuel_percent=table.number("fuel_percent", 62, 0, 100),
        odometer_km=table.number("odometer_km", 48213, 0, 2_000_000),
        barometric_kpa=table.number("barometric_kpa", 100, 50, 110),
        battery_percent=table.number("battery_percent", 58, 0, 100),
        since_cleared_km=table.number("since_cleared_km", 1904, 0, 65535),
        since_cleared_min=table.number("since_cleared_min", 2730, 0, 65535),
        warm_ups=table.number("warm_ups", 61, 0, 255),
        with_lamp_km=table.optional_number("with_lamp_km", 0, 65535),
        with_lamp_min=table.optional_number("with_lamp_min", 0, 65535),
    )
    table.close()
    return start


def _scenario(table: FileTable) -> Scenario:
    scenario = Scenario(
        over_rev_at_s=table.optional_number("over_rev_at_s", 0, 1e6),
        over_rev_every_s=table.number("over_rev_every_s", 150, 30, 1e6),
        cooling_fails_at_s=table.optional_number("cooling_fails_at_s", 0, 1e6),
        cooling_returns_c=table.number("cooling_returns_c", 112.5, 100, 125),
        overheat_after_s=table.optional_number("overheat_after_s", 0, 1e6),
        misfire_after_s=table.optional_number("misfire_after_s", 0, 1e6),
    )
    table.close()
    return scenario


def _ecus(top: FileTable, protocol: str) -> tuple[EcuSpec, ...]:
    ecus = tuple(_ecu(table, protocol) for table in top.tables("ecu"))
    if not ecus:
        raise top.wrong("ecu", tr("the car has no control unit."), tr("Add at least one [[ecu]] table."))
    ids = [ecu.id for ecu in ecus]
    for ecu_id in ids:
        if ids.count(ecu_id) > 1:
            raise top.wrong(
                "ecu", tr("{id:X} is the id of two control units.", id=ecu_id), tr("Give each one its own.")
            )
    return ecus


def _ids(table: FileTable, protocol: str) -> tuple[int, int]:
    """Response and request id. On CAN the request follows from the response (ISO 15765-4, 10.5.2 and 10.5.3)."""
    if protocol not in CAN_PROTOCOLS:
        address = table.hex_number("id", None, 2)
        return address, address
    wide = protocol in "79"
    ecu_id = table.hex_number("id", None, 8)
    if wide and ecu_id & 0xFFFFFF00 != 0x18DAF100:
        raise table.wrong("id", tr("{id:X} is no answer to a tester.", id=ecu_id), tr("Write 18DAF1 and the address."))
    if not wide and not 0x7E8 <= ecu_id <= 0x7EF:
        raise table.wrong("id", tr("{id:X} is no answer to a tester.", id=ecu_id), tr("Write 7E8 to 7EF."))
    return ecu_id, 0x18DA00F1 | (ecu_id & 0xFF) << 8 if wide else ecu_id - 8


def _ecu(table: FileTable, protocol: str) -> EcuSpec:
    ecu_id, request = _ids(table, protocol)
    compression = table.choice("ignition", "spark", ("spark", "compression")) == "compression"
    raw = _raw(table)
    pids = tuple(sorted({*table.hex_numbers("pids"), *raw}))
    _check_pids(table, pids, raw)
    monitors, incomplete = _monitors(table.table("monitors"), compression)
    codes = table.table("codes")
    spec = EcuSpec(
        id=ecu_id,
        request=request,
        name=table.text("name"),
        pids=pids,
        values=_values(table.table("values")),
        raw=raw,
        order=table.choice("order", "asked", ORDERS),
        silent_when_unsupported=table.choice("unsupported", "refuse", ("refuse", "silence")) == "silence",
        latency_s=table.number("latency_ms", 8, 0, 60_000) / 1000,
        jitter_s=table.number("jitter_ms", 4, 0, 10_000) / 1000,
        mil=table.flag("mil", False),
        compression=compression,
        monitors=monitors,
        incomplete=incomplete,
        stored=_codes(codes, "stored"),
        pending=_codes(codes, "pending"),
        permanent=_codes(codes, "permanent"),
        freeze_frames=tuple(_freeze_frame(frame) for frame in table.tables("freeze_frame")),
        clear_while_running=table.flag("clear_while_running", True),
        vin=_vin(table, "vin", required=False),
        calibrations=_calibrations(table),
        verifications=tuple(_exact(table, "verifications", text, 4) for text in table.texts("verifications")),
        tracking=tuple(int(n) for n in table.numbers("tracking", (), 0, 0xFFFF)),
        tests=tuple(_test(test) for test in table.tables("test")),
        uds=table.flag("uds", True),
        identifiers=_identifiers(table.table("identifiers")),
        refuse=_refuse(table.table("refuse")),
        slow=_slow(table.table("slow")),
    )
    codes.close()
    table.close()
    return spec


def _check_pids(table: FileTable, pids: tuple[int, ...], raw: Mapping[int, bytes]) -> None:
    for pid in pids:
        length = signals.pid_length(pid)
        if length is None or pid in signals.MASK_PIDS:
            raise table.wrong(
                "pids",
                tr("{pid:02X} is not a value this program knows.", pid=pid),
                tr("Leave it out; the support masks 00, 20 … are made by themselves."),
            )
        if pid in raw and len(raw[pid]) != length:
            raise table.wrong(
                "raw", tr("PID {pid:02X} has {n} bytes.", pid=pid, n=length), tr("Write exactly that many.")
            )


def _raw(table: FileTable) -> dict[int, bytes]:
    raw = table.table("raw")
    result = {}
    for key in raw.keys():  # noqa: SIM118 - a FileTable is read through its methods
        result[raw.parse_hex(key, key, 2)] = raw.parse_bytes(key, raw.take(key))
    return result


def _values(table: FileTable) -> dict[str, float]:
    result = {}
    for name in table.keys():  # noqa: SIM118
        try:
            found = signals.find(name)
        except signals.UnknownSignal as error:
            raise table.wrong(name, str(error), "") from None
        result[found[0].name] = table.number(name, None, -_HIGHEST_NUMBER, _HIGHEST_NUMBER)
    return result


def _codes(table: FileTable, key: str) -> tuple[str, ...]:
    codes = table.texts(key)
    for code in codes:
        if not _CODE.fullmatch(code):
            raise table.wrong(
                key, tr("“{value}” is not a trouble code.", value=code), tr("Write one like P0301, in capitals.")
            )
    return codes


def _monitors(table: FileTable, compression: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    known = [*CONTINUOUS, *(COMPRESSION if compression else SPARK)]
    complete, incomplete = table.texts("complete"), table.texts("incomplete")
    for key, names in (("complete", complete), ("incomplete", incomplete)):
        for name in names:
            if name not in known:
                raise table.wrong(
                    key, tr("“{value}” is not known.", value=name), tr("Known: {known}.", known=", ".join(known))
                )
    table.close()
    return (*complete, *incomplete), incomplete


def _freeze_frame(table: FileTable) -> FreezeFrame:
    code = table.text("code")
    if not _CODE.fullmatch(code):
        raise table.wrong("code", tr("“{value}” is not a trouble code.", value=code), tr("Write one like P0301."))
    frame = FreezeFrame(table.whole("number", 0, 0, 255), code, _values(table.table("values")))
    table.close()
    return frame


def _calibrations(table: FileTable) -> tuple[str, ...]:
    calibrations = table.texts("calibrations")
    for text in calibrations:
        if not text.isascii() or not 1 <= len(text) <= 16:
            raise table.wrong(
                "calibrations", tr("“{value}” does not fit.", value=text), tr("Write 1 to 16 plain letters or digits.")
            )
    return calibrations


def _exact(table: FileTable, key: str, text: str, length: int) -> bytes:
    data = table.parse_bytes(key, text)
    if len(data) != length:
        raise table.wrong(key, tr("“{value}” has {n} bytes.", value=text, n=len(data)), tr("It takes {n}.", n=length))
    return data


def _test(table: FileTable) -> MonitorTest:
    test = MonitorTest(
        mid=table.hex_number("mid", None, 2),
        tid=table.hex_number("tid", None, 2),
        uas=table.hex_number("uas", None, 2),
        value=table.whole("value", None, 0, 0xFFFF),
        low=table.whole("low", 0, 0, 0xFFFF),
        high=table.whole("high", 0xFFFF, 0, 0xFFFF),
    )
    table.close()
    return test


def _identifiers(table: FileTable) -> dict[int, bytes]:
    return {table.parse_hex(key, key, 4): table.parse_bytes(key, table.take(key)) for key in table.keys()}  # noqa: SIM118


def _refuse(table: FileTable) -> dict[int, int]:
    return {table.parse_hex(key, key, 2): table.hex_number(key, None, 2) for key in table.keys()}  # noqa: SIM118


def _slow(table: FileTable) -> dict[int, Slow]:
    result = {}
    for key in table.keys():  # noqa: SIM118
        entry = table.table(key)
        latency = entry.optional_number("latency_ms", 0, 60_000)
        result[table.parse_hex(key, key, 2)] = Slow(
            busy=entry.whole("busy", 0, 0, 1000),
            pending=entry.whole("pending", 0, 0, 100),
            pending_every_s=entry.number("pending_every_ms", 100, 0, 5000) / 1000,
            latency_s=None if latency is None else latency / 1000,
        )
        entry.close()
    return result
