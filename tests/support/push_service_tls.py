"""Certificates for services on loopback: a throw-away CA, and one certificate for all names they stand in for."""

import datetime as dt
import ipaddress
import ssl
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

#: Wide enough for tests that move the clock by years.
_FROM = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_TO = dt.datetime(2045, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Certificates:
    """`ca` is the file to trust; `spki` names the server's key as Chromium's switch wants it."""

    ca: Path
    chain: Path
    key: Path
    spki: str

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


def make_certificates(folder: Path, names: Sequence[str]) -> Certificates:
    """A CA and a server certificate for `names` and 127.0.0.1, in `folder`."""
    ca_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _certificate("Test CA", ca_key.public_key(), "Test CA", ca_key, names=())
    server = _certificate("127.0.0.1", server_key.public_key(), "Test CA", ca_key, names=names)
    spki = server_key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    made = Certificates(
        folder / "ca.pem", folder / "chain.pem", folder / "key.pem", b64encode(sha256(spki).digest()).decode()
    )
    made.ca.write_bytes(authority.public_bytes(Encoding.PEM))
    made.chain.write_bytes(server.public_bytes(Encoding.PEM))
    made.key.write_bytes(server_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made


def _certificate(
    subject: str,
    public_key: ec.EllipticCurvePublicKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    names: Sequence[str],
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_TO)
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if names:
        alternatives = [*map(x509.DNSName, names), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    else:
        builder = builder.add_extension(_key_usage(), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


def _key_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
