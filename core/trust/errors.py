"""What can be wrong with keys, codes and signatures, in words a person can act on."""


class TrustError(Exception):
    """Something about identity, pairing or signatures. The message is in the user's words."""


class NoIdentityError(TrustError):
    """There is no key here: this terminal was never founded and never joined."""


class DamagedIdentityError(TrustError):
    """A key or certificate is here and cannot be used. It is left as it is: a new one would be a stranger."""


class IdentityExistsError(TrustError):
    """There is a key here already. It is never written over."""
