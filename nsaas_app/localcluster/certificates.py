"""The control plane's certificates: two authorities, serving certificates, client identities."""

import contextlib
import datetime as dt
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

__all__ = ["ADMIN", "ETCD_AUTHORITY", "SERVICE_ACCOUNTS", "Pair", "issue_all"]

_AUTHORITY_YEARS: Final = 10
_LEAF_DAYS: Final = 365
_RENEW_BEFORE_DAYS: Final = 30

ADMIN: Final = "admin"
AUTHORITY: Final = "ca"
ETCD_AUTHORITY: Final = "etcd-ca"
"""An authority of its own: otherwise any client of the API server could write to etcd directly."""
SERVICE_ACCOUNTS: Final = "service-accounts"

_CLIENTS: Final = {
    ADMIN: ("nsaas-local-admin", ("system:masters",)),
    # Without one credential per controller this identity itself needs every right.
    "kube-controller-manager": ("system:kube-controller-manager", ("system:masters",)),
    "kube-scheduler": ("system:kube-scheduler", ()),
    "kwok": ("system:kube-kwok", ()),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key, as files."""

    certificate: Path
    key: Path

    @classmethod
    def of(cls, directory: Path, name: str) -> "Pair":
        """Return where the pair of this name lies."""
        return cls(directory / f"{name}.crt", directory / f"{name}.key")


def issue_all(directory: Path, *, now: dt.datetime | None = None) -> None:
    """Make what is missing, replace what soon expires, keep everything else."""
    now = now or dt.datetime.now(dt.UTC)
    authority = _Authority.load_or_create(Pair.of(directory, AUTHORITY), "nsaas-local", now)
    etcd = _Authority.load_or_create(Pair.of(directory, ETCD_AUTHORITY), "nsaas-local-etcd", now)
    authority.serve(Pair.of(directory, "kube-apiserver"))
    for name, (subject, groups) in _CLIENTS.items():
        authority.identify(Pair.of(directory, name), subject, groups)
    etcd.serve(Pair.of(directory, "etcd"))
    etcd.identify(Pair.of(directory, "etcd-client"), "kube-apiserver", ())
    tokens = Pair.of(directory, SERVICE_ACCOUNTS)
    if not tokens.key.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        _write(tokens.key, _key_bytes(key))
        _write(
            tokens.certificate,
            key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
        )


@dataclass(frozen=True, slots=True)
class _Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    now: dt.datetime

    @classmethod
    def load_or_create(cls, pair: Pair, name: str, now: dt.datetime) -> "_Authority":
        with contextlib.suppress(FileNotFoundError, ValueError):
            key = serialization.load_pem_private_key(pair.key.read_bytes(), None)
            certificate = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
            if isinstance(key, ec.EllipticCurvePrivateKey):
                return cls(certificate, key, now)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(name, ())
        certificate = (
            _builder(subject, key.public_key(), now, days=365 * _AUTHORITY_YEARS)
            .issuer_name(subject)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .sign(key, hashes.SHA256())
        )
        _write_pair(pair, certificate, key)
        return cls(certificate, key, now)

    def serve(self, pair: Pair) -> None:
        """Issue a server certificate for this machine's loopback names."""
        names = x509.SubjectAlternativeName(
            [
                x509.DNSName("localhost"),
                x509.DNSName("kubernetes.default.svc"),
                x509.IPAddress(ipaddress.IPv4Address("127.0.0.1")),
            ]
        )
        # The database's peers are servers and clients of one another at once.
        usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        self._issue(pair, _name(pair.certificate.stem, ()), usages, names)

    def identify(self, pair: Pair, subject: str, groups: Iterable[str]) -> None:
        """Issue a client certificate: the common name is the user, organisations the groups."""
        self._issue(pair, _name(subject, groups), [ExtendedKeyUsageOID.CLIENT_AUTH], None)

    def _issue(
        self,
        pair: Pair,
        subject: x509.Name,
        usages: list[x509.ObjectIdentifier],
        names: x509.SubjectAlternativeName | None,
    ) -> None:
        if self._still_good(pair):
            return
        key = ec.generate_private_key(ec.SECP256R1())
        builder = (
            _builder(subject, key.public_key(), self.now, days=_LEAF_DAYS)
            .issuer_name(self.certificate.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
        )
        if names is not None:
            builder = builder.add_extension(names, critical=False)
        _write_pair(pair, builder.sign(self.key, hashes.SHA256()), key)

    def _still_good(self, pair: Pair) -> bool:
        try:
            certificate = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
            certificate.verify_directly_issued_by(self.certificate)
        except (FileNotFoundError, ValueError, InvalidSignature):
            return False
        left = certificate.not_valid_after_utc - self.now
        return pair.key.exists() and left > dt.timedelta(days=_RENEW_BEFORE_DAYS)


def _name(common: str, organisations: Iterable[str]) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in organisations]
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(
    subject: x509.Name, key: ec.EllipticCurvePublicKey, now: dt.datetime, *, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # A clock that is set back a little must not make a fresh certificate invalid.
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=days))
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def _write_pair(pair: Pair, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    # The key comes first: a certificate without its key would be kept by the next start.
    _write(pair.key, _key_bytes(key))
    _write(pair.certificate, certificate.public_bytes(serialization.Encoding.PEM))


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_suffix(path.suffix + ".new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.replace(path)
