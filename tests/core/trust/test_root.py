"""The workshop's root vouches for the workshop and for nothing else, also when a clock is wrong."""

import datetime as dt
import ipaddress
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from core.trust.errors import DamagedIdentityError, IdentityExistsError, NoIdentityError, TrustError
from core.trust.identity import Identity, named, read_private_pem
from core.trust.root import EARLIEST, WorkshopRoot, believed, is_ours

NOW = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
NOW_MS = round(NOW.timestamp() * 1000)
IN_2009 = round(dt.datetime(2009, 1, 1, tzinfo=dt.UTC).timestamp() * 1000)
NAMES = ("bay3.local",)
ADDRESSES = ("192.168.1.20", "10.1.2.3", "fe80::1%eth0", "fd00::20")


@pytest.fixture(scope="module")
def root() -> WorkshopRoot:
    return WorkshopRoot.create("Garage Müller")


def subject(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def accepted(root: WorkshopRoot, chain: str, host: str, when: dt.datetime = NOW) -> None:
    """What a browser does with the root installed. Raises VerificationError."""
    store = Store([x509.load_pem_x509_certificate(root.certificate_pem.encode())])
    leaf = x509.load_pem_x509_certificates(chain.encode())[0]
    name = subject(host)
    assert isinstance(name, x509.DNSName | x509.IPAddress)
    PolicyBuilder().store(store).time(when).build_server_verifier(name).verify(leaf, [])


def forged(
    root: WorkshopRoot, names: list[x509.GeneralName], *, ca: bool = False
) -> tuple[str, ec.EllipticCurvePrivateKey]:
    """What somebody with a stolen root could make."""
    issuer = x509.load_pem_x509_certificate(root.certificate_pem.encode())
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(named("Forged"))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=1))
        .not_valid_after(NOW + dt.timedelta(days=300))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()),  # type: ignore[arg-type]
            critical=False,
        )
        .sign(read_private_pem(root.key_pem.encode()), hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), key


def by_openssl(root: WorkshopRoot, chain: str, folder: Path, *extra: str) -> subprocess.CompletedProcess[str]:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl command on this machine")
    (folder / "root.pem").write_text(root.certificate_pem, "ascii")
    (folder / "chain.pem").write_text(chain, "ascii")
    command = [openssl, "verify", "-purpose", "sslserver", "-attime", str(NOW_MS // 1000), *extra]
    command += ["-CAfile", str(folder / "root.pem"), str(folder / "chain.pem")]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize(
    "host", ["bay3.local", "localhost", "127.0.0.1", "::1", "192.168.1.20", "10.1.2.3", "fe80::1", "fd00::20"]
)
def test_browsers_with_the_root_accept_a_terminal(root: WorkshopRoot, bay1: Identity, host: str) -> None:
    accepted(root, root.issue(bay1, NAMES, ADDRESSES, at_ms=NOW_MS), host)


def test_openssl_accepts_a_terminal_strictly(root: WorkshopRoot, bay1: Identity, tmp_path: Path) -> None:
    chain = root.issue(bay1, NAMES, ADDRESSES, at_ms=NOW_MS)
    for extra in (("-verify_hostname", "bay3.local"), ("-verify_ip", "192.168.1.20")):
        result = by_openssl(root, chain, tmp_path, "-x509_strict", *extra)
        assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("host", ["example.com", "notlocal", "evil-local", "8.8.8.8", "172.32.0.1", "2001:db8::1"])
def test_a_stolen_root_is_of_no_use_against_anything_else(root: WorkshopRoot, tmp_path: Path, host: str) -> None:
    chain, _ = forged(root, [subject(host)])
    with pytest.raises(VerificationError):
        accepted(root, chain, host)
    result = by_openssl(root, chain, tmp_path)
    assert result.returncode != 0
    assert "permitted subtree violation" in result.stderr


def test_the_forgery_fails_for_its_name_and_for_nothing_else(root: WorkshopRoot, tmp_path: Path) -> None:
    chain, _ = forged(root, [subject("bay3.local")])
    accepted(root, chain, "bay3.local")
    assert by_openssl(root, chain, tmp_path).returncode == 0


def test_the_root_makes_no_further_authorities(root: WorkshopRoot, bay1: Identity, tmp_path: Path) -> None:
    middle, key = forged(root, [subject("bay3.local")], ca=True)
    sub = WorkshopRoot(middle, key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode())  # fmt: skip
    (tmp_path / "middle.pem").write_text(middle, "ascii")
    leaf = _issued_by(sub, bay1)
    result = by_openssl(root, leaf, tmp_path, "-untrusted", str(tmp_path / "middle.pem"))
    assert result.returncode != 0
    assert "path length constraint exceeded" in result.stderr


def _issued_by(authority: WorkshopRoot, identity: Identity) -> str:
    issuer = x509.load_pem_x509_certificate(authority.certificate_pem.encode())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer.subject)
        .public_key(identity.private.public_key())
        .serial_number(1)
        .not_valid_before(NOW - dt.timedelta(days=1))
        .not_valid_after(NOW + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("bay3.local")]), critical=True)
        .sign(read_private_pem(authority.key_pem.encode()), hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def test_what_the_root_may_not_vouch_for_is_left_out_of_a_leaf(root: WorkshopRoot, bay1: Identity) -> None:
    chain = root.issue(
        bay1, ["Bay3.LOCAL.", "bay3", "bay3.lan", "-x.local", "a..local", "ü.local"], ["203.0.113.9", "?"], at_ms=NOW_MS
    )
    leaf = x509.load_pem_x509_certificates(chain.encode())[0]
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "bay3.local"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    accepted(root, chain, "bay3.local")


def test_a_leaf_lives_no_longer_than_browsers_allow_and_covers_clocks_that_are_behind(
    root: WorkshopRoot, bay1: Identity
) -> None:
    chain = root.issue(bay1, NAMES, ADDRESSES, at_ms=NOW_MS)
    leaf = x509.load_pem_x509_certificates(chain.encode())[0]
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= dt.timedelta(days=397)
    accepted(root, chain, "bay3.local", NOW - dt.timedelta(days=29))
    accepted(root, chain, "bay3.local", NOW + dt.timedelta(days=360))
    with pytest.raises(VerificationError):
        accepted(root, chain, "bay3.local", NOW + dt.timedelta(days=400))


@pytest.mark.parametrize("clock", [IN_2009, 0, -(10**18), 10**18])
def test_a_terminal_with_a_clock_that_cannot_be_true_still_gets_a_leaf(
    root: WorkshopRoot, bay1: Identity, clock: int
) -> None:
    chain = root.issue(bay1, NAMES, ADDRESSES, at_ms=clock)
    if clock <= IN_2009:
        accepted(root, chain, "bay3.local", EARLIEST + dt.timedelta(days=30))
    assert root.is_good(chain, bay1, NAMES, ADDRESSES, at_ms=clock)
    assert believed(clock) >= EARLIEST


def test_a_leaf_is_made_anew_when_it_no_longer_serves(root: WorkshopRoot, bay1: Identity, bay2: Identity) -> None:
    chain = root.issue(bay1, NAMES, ADDRESSES, at_ms=NOW_MS)
    day = 86_400_000
    assert root.is_good(chain, bay1, NAMES, ADDRESSES, at_ms=NOW_MS + 200 * day)
    assert root.is_good(chain, bay1, NAMES, reversed(ADDRESSES), at_ms=NOW_MS)
    assert not root.is_good(chain, bay1, NAMES, ADDRESSES, at_ms=NOW_MS + 300 * day)
    assert not root.is_good(chain, bay1, NAMES, [*ADDRESSES, "192.168.1.21"], at_ms=NOW_MS)
    assert not root.is_good(chain, bay1, ["bay4.local"], ADDRESSES, at_ms=NOW_MS)
    assert not root.is_good(chain, bay2, NAMES, ADDRESSES, at_ms=NOW_MS)
    assert not WorkshopRoot.create("Garage Müller").is_good(chain, bay1, NAMES, ADDRESSES, at_ms=NOW_MS)
    assert not root.is_good("", bay1, NAMES, ADDRESSES, at_ms=NOW_MS)


def test_the_root_is_kept_and_never_replaced(root: WorkshopRoot, bay1: Identity) -> None:
    with pytest.raises(NoIdentityError):
        WorkshopRoot.load(bay1.folder)
    root.save(bay1.folder)
    assert WorkshopRoot.load(bay1.folder) == root
    root.save(bay1.folder)  # once more, after a crash
    with pytest.raises(IdentityExistsError):
        WorkshopRoot.create("Another").save(bay1.folder)
    assert "PRIVATE KEY" not in repr(root)
    assert root.fingerprint().count(":") == 31


@pytest.mark.parametrize("file", ["root.key", "root.crt"])
def test_a_damaged_root_is_said(root: WorkshopRoot, bay1: Identity, file: str) -> None:
    root.save(bay1.folder)
    (bay1.folder / file).write_bytes((bay1.folder / file).read_bytes()[:60])
    with pytest.raises(DamagedIdentityError, match="damaged"):
        WorkshopRoot.load(bay1.folder)


def test_a_root_from_elsewhere_is_checked(root: WorkshopRoot, bay1: Identity) -> None:
    assert WorkshopRoot.from_pem(root.certificate_pem, root.key_pem) == root
    other = WorkshopRoot.create("Other")
    device_key = (bay1.folder / "device.key").read_text("ascii")
    for certificate, key in (
        (root.certificate_pem, other.key_pem),
        (bay1.certificate_pem, device_key),  # signed by itself, and no authority
        ("", root.key_pem),
        (root.certificate_pem, ""),
    ):
        with pytest.raises(TrustError):
            WorkshopRoot.from_pem(certificate, key)


def test_names_of_the_workshop() -> None:
    assert all(is_ours(name) for name in ("localhost", "bay3.local", "a.b.local"))
    assert not any(is_ours(name) for name in ("", "local.com", "x-local", ".local", "bay 3.local", "*.local"))
