"""Encrypting and signing one message as the transport does it, against the bare operations of `cryptography`."""

import base64
import os
import statistics
import time
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench.harness import median_ratio, report
from server.push import keys
from server.push.sealing import BrowserKeys, Sealer

PAYLOAD = b"x" * 400
#: Turns of each, one after the other, and messages in a turn: long enough that a processor's caches settle.
ROUNDS, MESSAGES = 200, 50


def main() -> None:
    """Print how fast the transport is, as the median share of the bare operations; the token is cached for both."""
    browser = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = browser.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    auth = os.urandom(16)
    sealer = Sealer(keys.parse(keys.fresh_pem().encode(), "bench"), "mailto:bench@example.org")
    browser_keys = BrowserKeys(*(base64.urlsafe_b64encode(part).decode() for part in (point, auth)))
    pairs = []
    for _ in range(ROUNDS):
        ours = a_second(lambda: sealer.seal("fcm.googleapis.com", browser_keys, PAYLOAD))
        pairs.append((ours, a_second(lambda: bare_message(point, auth))))
    rate = statistics.median(ours for ours, _ in pairs)
    report("encrypt and sign", f"{rate:.0f} /s, {median_ratio(pairs):.0%} of bare", ">= 85 %")


def a_second(work: Callable[[], object]) -> float:
    """How often `work` is done in a second of processor time, which other programs cannot take away."""
    started = time.thread_time()
    for _ in range(MESSAGES):
        work()
    return MESSAGES / (time.thread_time() - started)


def bare_message(point: bytes, auth: bytes) -> bytes:
    """An aes128gcm message (RFC 8291) and nothing else: no subscription parsed, no header looked up."""
    ours = ec.generate_private_key(ec.SECP256R1())
    public = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    salt = os.urandom(16)
    secret = _hkdf(auth, 32, b"WebPush: info\0" + point + public, ours.exchange(ec.ECDH(), theirs))
    key = _hkdf(salt, 16, b"Content-Encoding: aes128gcm\0", secret)
    nonce = _hkdf(salt, 12, b"Content-Encoding: nonce\0", secret)
    return salt + b"\0\0\x10\0\x41" + public + AESGCM(key).encrypt(nonce, PAYLOAD + b"\2", None)


def _hkdf(salt: bytes, length: int, info: bytes, secret: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
