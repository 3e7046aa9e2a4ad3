"""What can be wrong with keys, codes and signatures, in words a person can act on."""


class TrustError(Exception):
    """Something about identity, pairing or signatures. The message is in the user's words."""


class NoIdentityError(TrustError):
    """There is no key here: this terminal was never founded and never joined."""


class DamagedIdentityError(TrustError):
    """A key or certificate is here and cannot be used. It is left as it is: a new one would be a stranger."""


class IdentityExistsError(TrustError):
    """There is a key here already. It is never written over."""


class PairingError(TrustError):
    """Pairing that did not come about: a message without sense, or one of the kinds below."""


class CodeRefusedError(PairingError):
    """The code is wrong, or over, or there is none. It is never said which: that would help who is guessing."""


class PairingPausedError(PairingError):
    """Too many wrong codes lately. ``wait_s``: seconds until another one is looked at."""

    def __init__(self, message: str, wait_s: float) -> None:
        super().__init__(message)
        self.wait_s = wait_s
