"""The key of one device. What it signs is from this terminal; its hash is the terminal's number.

P-256, because browsers and phones take it in the certificates that are issued over the same key (Ed25519 they refuse).
``device.key`` and ``device.crt`` lie in the home's ``identity`` folder, for this user alone, and in no backup.
"""

import base64
import binascii
import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.language import tr
from core.trust.device_ids import device_id_of_der
from core.trust.errors import DamagedIdentityError, IdentityExistsError, NoIdentityError, TrustError
from core.trust.key_files import make_private_folder, read_private, write_private

KEY_FILE = "device.key"
CERTIFICATE_FILE = "device.crt"

PUBLIC_KEY_LENGTH = 124  # base64 of the 91 bytes of a P-256 SubjectPublicKeyInfo

# Terminals compare keys and never look at these dates: a clock of 2009 must not shut a terminal out. The last second
# of 2049 is the last that ASN.1 UTCTime can say, which even old readers understand (RFC 5280 §4.1.2.5).
ALWAYS_FROM = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
ALWAYS_UNTIL = dt.datetime(2049, 12, 31, 23, 59, 59, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Identity:
    """This terminal's key and its certificate. Made by ``create`` or ``load``; all members may be used by any thread.

    ``public_key`` is the SubjectPublicKeyInfo, DER in base64; ``certificate_pem`` is signed by the key itself, so it
    proves that who shows it has held the key; ``name`` is what the terminal was called when the key was made.
    """

    folder: Path
    name: str
    device_id: str
    public_key: str
    certificate_pem: str
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def create(cls, folder: Path, name: str) -> "Identity":
        """Make a new key in ``folder``. Raises ``IdentityExistsError`` when one is there, and ``OSError``."""
        if (folder / KEY_FILE).exists():
            raise IdentityExistsError(tr("There is a key in {folder} already; it is never replaced.", folder=folder))
        make_private_folder(folder)
        private = ec.generate_private_key(ec.SECP256R1())
        write_private(folder / KEY_FILE, private_pem(private))
        write_private(folder / CERTIFICATE_FILE, _self_signed(private, name))
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> "Identity":
        """The key that is in ``folder``. Raises ``NoIdentityError``, ``DamagedIdentityError`` and ``OSError``."""
        place = folder / KEY_FILE
        if not place.exists():
            raise NoIdentityError(tr("This terminal has no key: there is no {path}.", path=place))
        try:
            private = read_private_pem(read_private(place))
            certificate_pem = read_private(folder / CERTIFICATE_FILE)
            certificate = x509.load_pem_x509_certificate(certificate_pem)
            public_key = encode_public_key(private.public_key())
            if encode_public_key(certificate.public_key()) != public_key:
                raise ValueError(tr("{file} belongs to another key", file=CERTIFICATE_FILE))
            return cls(
                folder,
                common_name(certificate),
                device_id_of(public_key),
                public_key,
                certificate_pem.decode("ascii"),
                private,
            )
        except (ValueError, TypeError, UnsupportedAlgorithm, TrustError, FileNotFoundError) as error:
            raise DamagedIdentityError(
                tr(
                    "The key of this terminal in {folder} is damaged ({detail}). It was left as it is. "
                    "Take the folder from a copy of this disk, or empty the home and join the workshop again.",
                    folder=folder,
                    detail=error,
                )
            ) from error

    def sign(self, data: bytes) -> bytes:
        """The signature of ``data``: ECDSA over SHA-256, DER, 70 to 72 bytes."""
        return self.private.sign(data, ec.ECDSA(hashes.SHA256()))


def device_id_of(public_key: str) -> str:
    """The device id of a public key (DER in base64). Raises ``TrustError`` for anything but a P-256 key."""
    return device_id_of_der(_der(decode_public_key(public_key)))


def verify(public_key: str, signature: bytes, data: bytes) -> bool:
    """Whether ``signature`` over ``data`` was made by that key. Never raises: what is no key signs nothing."""
    try:
        decode_public_key(public_key).verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, TrustError):
        return False
    return True


def check_certificate(certificate_pem: str, public_key: str) -> str:
    """The name in a device certificate that is signed by its own key, ``public_key``. Raises ``TrustError``."""
    try:
        certificate = x509.load_pem_x509_certificate(certificate_pem.encode("ascii"))
        certificate.verify_directly_issued_by(certificate)
        matches = encode_public_key(certificate.public_key()) == public_key
        name = common_name(certificate)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as error:
        raise TrustError(tr("This is not the certificate of a terminal.")) from error
    if not matches:
        raise TrustError(tr("This certificate belongs to another key."))
    return name


def encode_public_key(key: object) -> str:
    """A P-256 public key as DER in base64. Raises ``TrustError`` for any other key."""
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise TrustError(tr("This is not a key that terminals use (P-256)."))
    return base64.b64encode(_der(key)).decode("ascii")


def decode_public_key(text: str) -> ec.EllipticCurvePublicKey:
    """The inverse of ``encode_public_key``. Only the canonical form is taken, so that one key has one text.

    Raises ``TrustError``.
    """
    try:
        if len(text) != PUBLIC_KEY_LENGTH:
            raise ValueError(len(text))
        key = serialization.load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm) as error:
        raise TrustError(tr("This is not a public key.")) from error
    if encode_public_key(key) != text or not isinstance(key, ec.EllipticCurvePublicKey):
        raise TrustError(tr("This is not a public key."))
    return key


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A private key as PKCS#8 PEM, not encrypted: the terminal starts by itself after a power cut."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def read_private_pem(data: bytes) -> ec.EllipticCurvePrivateKey:
    """The inverse of ``private_pem``. Raises ``ValueError``, ``TypeError`` or ``UnsupportedAlgorithm``."""
    key = serialization.load_pem_private_key(data, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(tr("this is not a key that terminals use (P-256)"))
    return key


def named(text: str) -> x509.Name:
    """A subject whose common name is ``text``, cut where X.520 ends it (64 bytes)."""
    cut = text.encode("utf-8")[:64].decode("utf-8", "ignore")
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, cut or "Bayline")])


def common_name(certificate: x509.Certificate) -> str:
    """The common name of the subject, "" when there is none."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def _self_signed(key: ec.EllipticCurvePrivateKey, name: str) -> bytes:
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(named(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ALWAYS_FROM)
        .not_valid_after(ALWAYS_UNTIL)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


def _der(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
