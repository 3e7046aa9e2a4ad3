"""What an ELM327 remembers: everything AT commands set and AT D puts back."""

from dataclasses import dataclass

FUNCTIONAL_11 = 0x7DF  # ISO 15765-4, 10.5.2
FUNCTIONAL_29 = 0x18DB33F1  # ISO 15765-4, 10.5.3
WIDE = frozenset("79")
CAN = frozenset("6789ABC")
K_LINE = frozenset("345")

PROTOCOL_NAMES = {
    "0": "AUTO",
    "1": "SAE J1850 PWM",
    "2": "SAE J1850 VPW",
    "3": "ISO 9141-2",
    "4": "ISO 14230-4 (KWP 5BAUD)",
    "5": "ISO 14230-4 (KWP FAST)",
    "6": "ISO 15765-4 (CAN 11/500)",
    "7": "ISO 15765-4 (CAN 29/500)",
    "8": "ISO 15765-4 (CAN 11/250)",
    "9": "ISO 15765-4 (CAN 29/250)",
    "A": "SAE J1939 (CAN 29/250)",
    "B": "USER1 (CAN 11/125)",
    "C": "USER2 (CAN 11/50)",
}


@dataclass(slots=True)
class Settings:
    """Defaults are those of the ELM327 data sheet. ``header`` is hexadecimal as given, empty for the protocol's own."""

    st: int = 0x32
    echo: bool = True
    linefeeds: bool = False
    spaces: bool = True
    headers: bool = False
    memory: bool = True
    responses: bool = True
    formatting: bool = True  # CAF
    flow_control: bool = True  # CFC
    dlc: bool = False  # D
    variable_dlc: bool = False  # V
    keywords_checked: bool = True
    long_messages: bool = False  # AL
    adaptive: int = 1
    header: str = ""
    priority: int = 0x18
    filter: int | None = None
    mask: int = 0x1FFFFFFF
    flow_mode: int = 0
    flow_header: str = ""
    flow_data: str = ""

    def target(self, protocol: str) -> int | None:
        """Where a request goes: a physical request id or legacy address, None for every control unit."""
        if not self.header:
            return None
        value = int(self.header, 16)
        if protocol in WIDE:
            if len(self.header) == 6:
                value |= self.priority << 24
            value &= 0x1FFFFFFF
            return None if value == FUNCTIONAL_29 else value
        if protocol in CAN:
            value &= 0x7FF
            return None if value == FUNCTIONAL_11 else value
        address = value >> 8 & 0xFF
        return None if address in (0x33, 0x6A) else address  # KWP and J1979 functional addresses

    def hears(self, ecu: int, protocol: str) -> bool:
        """Whether the receive filter lets a CAN frame through; by default answers to a tester only."""
        if self.filter is not None:
            return ecu & self.mask == self.filter & self.mask
        if protocol in WIDE:
            return ecu & 0x1FFFFF00 == 0x18DAF100
        return ecu & ~0x7 == 0x7E8
