"""A car and an adapter that are not there: a simulator at the wire, for demonstrations, training and tests.

Everything above the wire is the real program: the simulator answers on a TCP port or a pseudo terminal as an ELM327
does, with its timing, its dialects and its failures, over the simulated car described further down.

The adapter
===========

On the command line::

    bayline simulate --listen tcp:127.0.0.1:35000 --adapter usb115200
    bayline simulate --listen pty --adapter clone --faults bad_day.toml --seed 7

``--listen`` is ``tcp:HOST:PORT`` (port 0 picks a free one), ``pty``, or ``pty:PATH`` for a link at PATH that keeps its
name when the adapter is pulled out and plugged in again. Windows has TCP only. One client at a time: over TCP the
newest wins.

In a test::

    with SimulatedAdapter(car, "usb115200/clone-v2.1", listen="tcp:127.0.0.1:0") as sim:
        link = connect(sim.address)                 # "tcp://127.0.0.1:NNN" or "serial:///dev/pts/N"
        sim.faults.inject("silence", seconds=3)     # from any thread
        assert sim.faults.injected["silence"] == 1

Without any port, clock or thread, ``adapter.ElmAdapter`` is fed with bytes and times.

Models (timing; ``resources/simulator/adapters.toml`` has every figure and its source):

=============  ======================================================================
``ideal``      an STN chip that costs no time of its own
``usb115200``  USB at 115,200 baud; waits 40 ms for a further frame (AT1)
``usb38400``   USB at 38,400 baud; waits 40 ms
``bluetooth``  serial port profile, 15 ms each way
``clone``      38,400 baud, always waits AT ST in full (205 ms)
=============  ======================================================================

Dialects (``MODEL/DIALECT``; without one each model has its own): ``elm327`` (v2.2), ``elm327-v1.4``, ``stn``
(STN1110: STI, STDI, STPX, STP, STSBR …), ``clone`` (calls itself v1.5 and lacks some commands), ``clone-v2.1`` (sends
two bytes of a request, refuses the frame count, forgets AT ST), ``clone-bt`` (drops the connection at ATZ, one PID a
request, ignores the frame count). ``dialects`` has one row for each.

What the adapter waits for: with a frame count (a last odd digit, STPX ``R:``) until that many *frames* have come;
otherwise AT ST for the first frame, and after each one the model's AT1 wait, half of it with AT2, AT ST with AT0. After
7F xx 78 the newer chips wait for the real answer, the others give the prompt and miss it.

Not simulated: requests of more than one frame (the original cannot either), traffic on the bus that nobody asked for
(AT MA stays empty), J1939, programmable parameters (accepted, without effect).

Faults
======

Events, which happen at once: ``unplug`` (seconds, power: whether it forgets its settings), ``silence`` (seconds, hold:
whether what was held back comes afterwards, as after a Bluetooth stall), ``adapter_reset`` (notice: "LV RESET"),
``voltage_sag`` (seconds, volts), ``ignition_off`` (seconds).

Faults of requests, which strike the next ``count`` requests that have something to spoil, or all within ``seconds``;
``match`` is the beginning of the request, ``ecu`` who answers, both in hexadecimal: ``garbage`` (mode insert, lose,
chatter, nul; bytes; text), ``drop`` (a frame), ``late`` (mode frame: the last frame comes with the next answer; mode
answer: the whole text does), ``duplicate``, ``foreign`` (mode ecu, pid, service), ``short`` (bytes), ``negative`` (nrc;
0x78 says "pending" and answers delay_s later), ``no_data``, ``can_error``, ``bus_init_error``, ``buffer_full``,
``stopped``, ``complaint`` (text: "FB ERROR", "ACT ALERT", "<RX ERROR" …).

A script (``faults`` explains the triggers) has the same names::

    [[fault]]
    kind = "unplug"
    at_s = 20
    seconds = 3

    [[fault]]
    kind = "negative"
    nrc = 0x21
    count = 3
    every_n = 200
    match = "010C"

    [[fault]]
    kind = "garbage"
    mode = "insert"
    probability = 0.01
    from_s = 5

The same seed, script and requests give the same faults.
"""

from core.obd.simulator.faults import FaultError, FaultKind, FaultScript
from core.obd.simulator.server import SimulatedAdapter, serve

__all__ = ["FaultError", "FaultKind", "FaultScript", "SimulatedAdapter", "serve"]
