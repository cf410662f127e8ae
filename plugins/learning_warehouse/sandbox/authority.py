"""A certificate authority of the sandbox's own, made at each start: one root, one server certificate for all its hosts.

The root's key is forgotten as soon as it has signed, so nothing else can ever be signed by it. Give a client ca.pem (for
instance as SSL_CERT_FILE or REQUESTS_CA_BUNDLE); never add it to the trust of a machine.
"""

import ipaddress
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID = timedelta(days=90)
ROOT = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Learning Warehouse sandbox")])
LEAF = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Learning Warehouse sandbox server")])


@dataclass(frozen=True, slots=True)
class Certificates:
    """Two PEM files of mode 0600: `ca` for clients, `server` (key and chain) for the server."""

    ca: Path
    server: Path
    pem: bytes

    def close(self) -> None:
        """Removes both files unless they are gone or another sandbox has replaced them."""
        with suppress(FileNotFoundError):
            if self.ca.read_bytes() == self.pem:
                self.ca.unlink()
                self.server.unlink()


def make_certificates(folder: Path, hosts: Sequence[str]) -> Certificates:
    """Write a new root and a certificate for `hosts` (names, `*.names` or addresses) into a folder of mode 0700."""
    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate(ROOT, root_key.public_key(), root_key, (), is_root=True)
    leaf = _certificate(LEAF, leaf_key.public_key(), root_key, hosts, is_root=False)
    pem = serialization.Encoding.PEM
    key = leaf_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Certificates(folder / "ca.pem", folder / "server.pem", root.public_bytes(pem))
    _write(made.ca, made.pem)
    _write(made.server, key + leaf.public_bytes(pem) + root.public_bytes(pem))
    return made


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    signer: ec.EllipticCurvePrivateKey,
    hosts: Sequence[str],
    *,
    is_root: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(ROOT)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(_usage(is_root), critical=True)
    )
    if hosts:
        names = x509.SubjectAlternativeName([_name(host) for host in hosts])
        server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(names, critical=False).add_extension(server, critical=False)
    return builder.sign(signer, hashes.SHA256())


def _usage(is_root: bool) -> x509.KeyUsage:
    no = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
    return x509.KeyUsage(
        digital_signature=not is_root, key_cert_sign=is_root, crl_sign=is_root, encipher_only=False, decipher_only=False, **no
    )


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
