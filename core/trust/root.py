"""The workshop's root certificate: what browsers of the workshop may trust, and for nothing but the workshop.

Every terminal holds its key and issues its own leaf, over its own device key. So that a stolen root is of no use
against anything else, it may only name ``.local``, ``localhost`` and private addresses (name constraints, RFC 5280
§4.2.1.10), issue no further authorities (path length 0), and only for TLS servers.

Dates. Browsers check them, terminals do not (``contexts``). The root is good from 2020 to 2049, so it does not matter
what clock it was made by. A leaf lives 397 days, the most that browsers take from anybody (CA/Browser Forum, Baseline
Requirements §6.3.2), and begins 30 days before it is made, for tablets whose clock is behind. A clock of 2009 is not
believed: no earlier than this program, so a leaf made under it is still good for browsers with the right time.
"""

import datetime as dt
import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from core.language import tr
from core.trust.errors import DamagedIdentityError, IdentityExistsError, NoIdentityError, TrustError
from core.trust.identity import (
    ALWAYS_FROM,
    ALWAYS_UNTIL,
    Identity,
    encode_public_key,
    named,
    private_pem,
    read_private_pem,
)
from core.trust.key_files import make_private_folder, read_private, write_private

CERTIFICATE_FILE = "root.crt"
KEY_FILE = "root.key"

LEAF_LIFE = dt.timedelta(days=397)
LEAF_BACK = dt.timedelta(days=30)
LEAF_RENEWED = dt.timedelta(days=120)  # before its end: a terminal that is switched off over a season finds a good one
EARLIEST = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)  # this program was not there before

DOMAINS = ("local", "localhost")
NETWORKS = tuple(
    ipaddress.ip_network(each)
    for each in (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # RFC 1918
        "127.0.0.0/8", "169.254.0.0/16",  # loopback RFC 1122, link-local RFC 3927
        "::1/128", "fc00::/7", "fe80::/10",  # RFC 4291, RFC 4193
    )
)  # fmt: skip
ALWAYS_NAMES = ("localhost",)
ALWAYS_ADDRESSES = ("127.0.0.1", "::1")

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class WorkshopRoot:
    """The root certificate with its key. Its key never travels with the rows: pairing hands it to who joins."""

    certificate_pem: str
    key_pem: str = field(repr=False)

    @classmethod
    def create(cls, name: str) -> "WorkshopRoot":
        """A new root for the workshop of that name."""
        key = ec.generate_private_key(ec.SECP256R1())
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        certificate = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named(name))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(ALWAYS_FROM)
            .not_valid_after(ALWAYS_UNTIL)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_constraints(), critical=True)
            .add_extension(identifier, critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
            .sign(key, hashes.SHA256())
        )
        return cls(_pem(certificate), private_pem(key).decode("ascii"))

    @classmethod
    def from_pem(cls, certificate_pem: str, key_pem: str) -> "WorkshopRoot":
        """A root from elsewhere, checked: signed by this very key and an authority. Raises ``TrustError``."""
        try:
            certificate = x509.load_pem_x509_certificate(certificate_pem.encode("ascii"))
            certificate.verify_directly_issued_by(certificate)
            key = read_private_pem(key_pem.encode("ascii"))
            if encode_public_key(key.public_key()) != encode_public_key(certificate.public_key()):
                raise ValueError(tr("its certificate belongs to another key"))
            if not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
                raise ValueError(tr("its certificate is none of a workshop"))
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound) as error:
            raise TrustError(tr("This is not the root of a workshop: {detail}.", detail=error)) from error
        return cls(certificate_pem, key_pem)

    @classmethod
    def load(cls, folder: Path) -> "WorkshopRoot":
        """The root kept in ``folder``. Raises ``NoIdentityError``, ``DamagedIdentityError`` and ``OSError``."""
        if not (folder / KEY_FILE).exists():
            raise NoIdentityError(
                tr("This terminal has no root of a workshop: there is no {path}.", path=folder / KEY_FILE)
            )
        try:
            certificate, key = (read_private(folder / each).decode("ascii") for each in (CERTIFICATE_FILE, KEY_FILE))
            return cls.from_pem(certificate, key)
        except (TrustError, UnicodeDecodeError, FileNotFoundError) as error:
            raise DamagedIdentityError(
                tr("The workshop's root in {folder} is damaged. {detail}", folder=folder, detail=error)
            ) from error

    def save(self, folder: Path) -> None:
        """Keep it in ``folder``. Raises ``IdentityExistsError`` when another one is there, and ``OSError``."""
        place = folder / KEY_FILE
        if place.exists() and read_private(place) != self.key_pem.encode("ascii"):
            raise IdentityExistsError(tr("There is a key in {folder} already; it is never replaced.", folder=folder))
        make_private_folder(folder)
        write_private(folder / CERTIFICATE_FILE, self.certificate_pem.encode("ascii"))
        write_private(place, self.key_pem.encode("ascii"))

    def issue(self, identity: Identity, names: Iterable[str], addresses: Iterable[str], *, at_ms: int) -> str:
        """A leaf for this terminal with the root behind it, PEM. ``at_ms``: now, UTC milliseconds, as far as known.

        ``localhost`` and the loopback are always in it. Names and addresses that the root may not vouch for are left
        out: one of them would make browsers refuse the whole leaf.
        """
        root, key = self._parts()
        start = believed(at_ms) - LEAF_BACK
        certificate = (
            x509.CertificateBuilder()
            .subject_name(named(identity.name))
            .issuer_name(root.subject)
            .public_key(identity.private.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(min(start + LEAF_LIFE, ALWAYS_UNTIL))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_alternatives(names, addresses), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(identity.private.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
                    root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
                ),
                critical=False,
            )
            .sign(key, hashes.SHA256())
        )
        return _pem(certificate) + self.certificate_pem

    def is_good(
        self, chain: str, identity: Identity, names: Iterable[str], addresses: Iterable[str], *, at_ms: int
    ) -> bool:
        """Whether a leaf made earlier still serves: same root, key, names and addresses, and time enough left."""
        root, _ = self._parts()
        try:
            leaf = x509.load_pem_x509_certificates(chain.encode("ascii"))[0]
            leaf.verify_directly_issued_by(root)
            same_key = encode_public_key(leaf.public_key()) == identity.public_key
            alternatives = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound, TrustError):
            return False
        now = believed(at_ms)
        in_time = leaf.not_valid_before_utc <= now <= leaf.not_valid_after_utc - LEAF_RENEWED
        return same_key and in_time and set(alternatives) == set(_alternatives(names, addresses))

    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as phones show it for comparing: ``"AB:CD:…"``."""
        return self._parts()[0].fingerprint(hashes.SHA256()).hex(":").upper()

    def _parts(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        return (
            x509.load_pem_x509_certificate(self.certificate_pem.encode("ascii")),
            read_private_pem(self.key_pem.encode("ascii")),
        )


def believed(at_ms: int) -> dt.datetime:
    """The moment a clock says, as far as it can be true: not before this program, not after the root's end."""
    try:
        said = dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
    except (OverflowError, ValueError, OSError):
        return EARLIEST
    return max(EARLIEST, min(said.replace(microsecond=0), ALWAYS_UNTIL - LEAF_LIFE))


def is_ours(name: str) -> bool:
    """Whether the root may vouch for a host name: ``localhost`` and what ends in ``.local``."""
    labels = name.split(".")
    return len(name) < 254 and labels[-1] in DOMAINS and all(_LABEL.fullmatch(label) for label in labels)


def _alternatives(names: Iterable[str], addresses: Iterable[str]) -> x509.SubjectAlternativeName:
    hosts = [name.rstrip(".").lower() for name in (*ALWAYS_NAMES, *names)]
    numbers = [_address(text) for text in (*ALWAYS_ADDRESSES, *addresses)]
    private = [each for each in numbers if each and any(each in network for network in NETWORKS)]
    return x509.SubjectAlternativeName(
        [
            *(x509.DNSName(host) for host in dict.fromkeys(hosts) if is_ours(host)),
            *(x509.IPAddress(each) for each in dict.fromkeys(private)),
        ]
    )


def _address(text: str) -> _Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])  # fe80::1%eth0: the interface is nobody else's business
    except ValueError:
        return None


def _constraints() -> x509.NameConstraints:
    permitted: list[x509.GeneralName] = [x509.DNSName(domain) for domain in DOMAINS]
    permitted += [x509.IPAddress(network) for network in NETWORKS]
    return x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
