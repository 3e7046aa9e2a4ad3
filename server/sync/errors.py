"""Why a call to another terminal came to nothing, in words; all of them are the exchange's ``TransportError``."""

from core.sync.messages import TransportError


class CallError(TransportError):
    """A call that was not answered as it should be. The message is for people."""


class SilentError(CallError):
    """Nobody answers there, or not in time."""


class StrangerError(CallError):
    """Somebody answers there, who is not the one we look for."""


class NotAdmittedError(CallError):
    """It answered that it does not talk to us. ``code``: while pairing, that the code was not right."""

    def __init__(self, message: str, *, code: bool = False) -> None:
        super().__init__(message)
        self.code = code


class NotHereError(CallError):
    """It does not have what was asked for."""


class FailedError(CallError):
    """It answered, but not with anything that helps. ``wait_s``: it asked us to come again later."""

    def __init__(self, message: str, *, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.wait_s = wait_s
