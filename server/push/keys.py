"""The instance's VAPID key pair (RFC 8292): made on first run, kept in the instance folder, mode 0600."""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from webpush.vapid import VAPID

from server.config import SettingsError, generated_secret

FILE = "vapid_private.pem"


@dataclass(frozen=True, slots=True)
class Keys:
    """Both halves as PEM, and the public one as browsers want it (base64url of the uncompressed point)."""

    private_pem: bytes
    public_pem: bytes
    application_server_key: str


def load(instance_path: Path) -> Keys:
    """The keys of the instance, made on first use. Raises SettingsError for a file that holds no P-256 key."""
    path = instance_path / FILE
    return parse(generated_secret(path, fresh_pem).encode(), str(path))


def replace(instance_path: Path) -> Keys:
    """New keys in place of the old ones. Every device must subscribe again; the app does so when opened."""
    path = instance_path / FILE
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(fresh_pem())
    draft.replace(path)
    return load(instance_path)


def fresh_pem() -> str:
    """A new private key as PEM text."""
    private_pem: bytes = VAPID.generate_keys()[0]
    return private_pem.decode()


def parse(private_pem: bytes, source: str) -> Keys:
    """The key pair of a private PEM. Raises SettingsError naming `source` when it holds no P-256 key."""
    try:
        private = load_pem_private_key(private_pem, None)
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{source} holds no private key: {error}") from error
    if not isinstance(private, EllipticCurvePrivateKey) or not isinstance(private.curve, SECP256R1):
        raise SettingsError(f"{source} must hold a P-256 private key")
    public = private.public_key()
    public_pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return Keys(private_pem, public_pem, VAPID.get_application_server_key(public))
