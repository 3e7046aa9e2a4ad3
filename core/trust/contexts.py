"""TLS between terminals: the server shows its leaf, the client looks at the key in it and at nothing else.

A terminal is who has its key; names, dates and issuers in a certificate say nothing more, and dates would shut out a
clock of 2009. So the client accepts any certificate and the caller compares ``pinned(...)`` with whom it wanted,
before it sends anything. That is sound because the handshake fails unless the server signs it with the private key of
the certificate it shows (TLS 1.3 CertificateVerify, RFC 8446 §4.4.3; OpenSSL checks it whatever the verify mode).
Browsers, which know only the workshop's root, check the same leaf in their own way.
"""

import ssl
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from core.language import tr
from core.trust.errors import TrustError
from core.trust.identity import KEY_FILE, Identity, device_id_of, encode_public_key
from core.trust.key_files import write_private

LEAF_FILE = "leaf.pem"


@dataclass(frozen=True, slots=True)
class Pinned:
    """Who is at the other end of a connection: the key it proved to have (DER in base64), and its device id."""

    public_key: str
    device_id: str


def server_context(identity: Identity, leaf_chain: str) -> ssl.SSLContext:
    """TLS for the server, with the leaf that ``WorkshopRoot.issue`` made. Raises ``OSError`` and ``TrustError``.

    TLS 1.2 is the least, for older tablets; terminals insist on 1.3. The chain is kept as ``leaf.pem`` beside the key,
    since Python reads certificates from files only.
    """
    place = identity.folder / LEAF_FILE
    write_private(place, leaf_chain.encode("ascii"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(place, identity.folder / KEY_FILE)
    except ssl.SSLError as error:
        raise TrustError(
            tr("The certificate in {path} does not go with the key of this terminal.", path=place)
        ) from error
    return context


def client_context() -> ssl.SSLContext:
    """TLS for a terminal that calls another: any certificate is taken, so compare ``pinned(...)`` before you speak."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context


def pinned(peer: ssl.SSLSocket | ssl.SSLObject | bytes | None) -> Pinned:
    """The key of the other end: from a connection, or from the certificate it showed (DER).

    ``asyncio`` and ``httpx`` give the ``ssl.SSLObject`` as extra info "ssl_object". Raises ``TrustError`` when no
    certificate was shown, or one without a key that terminals use.
    """
    der = peer if isinstance(peer, bytes) or peer is None else peer.getpeercert(binary_form=True)
    if not der:
        raise TrustError(tr("The other end showed no certificate."))
    try:
        public_key = encode_public_key(x509.load_der_x509_certificate(der).public_key())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise TrustError(tr("The other end showed a certificate that cannot be read.")) from error
    return Pinned(public_key, device_id_of(public_key))
