"""A serial CAN adapter that is not there: slcan (the Lawicel protocol) on a pseudo terminal, a virtual bus behind."""

import os
import threading
import tty
from types import TracebackType
from typing import Self

import can


class SlcanBridge:
    """``path`` is the adapter's port. ``unplug`` takes it away."""

    def __init__(self, channel: str) -> None:
        self._bus = can.Bus(channel, interface="virtual")
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        self.commands: list[str] = []
        self._open = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="slcan-bridge", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()
        self._bus.shutdown()

    def unplug(self) -> None:
        self._stop.set()
        self._thread.join(2.0)
        for end in (self._master, self._slave):
            if end >= 0:
                os.close(end)
        self._master = self._slave = -1

    def _serve(self) -> None:
        line = b""
        while not self._stop.is_set():
            frame = self._bus.recv(0.001)
            if frame is not None and self._open:
                os.write(self._master, self._text(frame))
            try:
                line += os.read(self._master, 4096)
            except BlockingIOError:
                continue
            *whole, line = line.split(b"\r")
            for command in whole:
                self._obey(command.decode("ascii"))

    @staticmethod
    def _text(frame: can.Message) -> bytes:
        head = f"T{frame.arbitration_id:08X}" if frame.is_extended_id else f"t{frame.arbitration_id:03X}"
        return f"{head}{frame.dlc}{bytes(frame.data).hex().upper()}\r".encode("ascii")

    def _obey(self, command: str) -> None:
        self.commands.append(command)
        if command[:1] in ("O", "C"):
            self._open = command[0] == "O"
        elif command[:1] in ("t", "T"):
            digits = 3 if command[0] == "t" else 8
            data = bytes.fromhex(command[2 + digits :])
            self._bus.send(
                can.Message(arbitration_id=int(command[1 : 1 + digits], 16), is_extended_id=digits == 8, data=data)
            )
        os.write(self._master, b"\r")
