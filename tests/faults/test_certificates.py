"""Family A6 over real TLS: a certificate that is not for us ends the stream, and nobody is asked twice."""

import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from landed import NOW
from paged_vendors import RATINGS

from learning_warehouse import connections, loads
from learning_warehouse.connections import Connection
from learning_warehouse.errors import StopStream, VendorUnavailable
from learning_warehouse.http import Basic, Client
from learning_warehouse.landing import land
from learning_warehouse.paging import parse
from learning_warehouse.streams import RunContext


def certificate(folder: Path, host: str, days: int) -> Path:
    """A key and a certificate for `host`, signed by itself, valid until `days` from now, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    file = folder / f"{host}.{days}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + built.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def tls(tmp_path):
    """Serves `{"rows":[1]}` over TLS with a certificate for a host and a time; gives port, file and what was asked."""
    servers = []

    def start(host: str, days: int = 30) -> tuple[int, Path, list[str]]:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.headers.get("Authorization", ""))
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "12")
                self.end_headers()
                self.wfile.write(b'{"rows":[1]}')

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                pass

        file = certificate(tmp_path, host, days)
        httpd = Quiet(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
        threading.Thread(target=httpd.serve_forever, args=(0.05,), daemon=True).start()
        servers.append(httpd)
        return httpd.server_port, file, asked

    yield start
    for httpd in servers:
        httpd.shutdown()
        httpd.server_close()


def _get(port: int, **extra: object) -> tuple[object, Client]:
    connection = Connection("far", f"https://localhost:{port}", "u", "a-password-42", {"first_wait_seconds": 0.001, **extra})
    with Client(connection, Basic("u", "a-password-42")) as client:
        try:
            return client.get("/rows", {}, lambda answer: parse(answer.body, dict[str, list[int]])["rows"]), client
        except StopStream as error:
            return str(error), client


def test_a_certificate_of_our_own_authority_is_accepted(tls):
    port, file, asked = tls("localhost")
    found, _ = _get(port, ca_file=str(file))
    assert found == [1]
    assert len(asked) == 1


@pytest.mark.parametrize("what", ["unknown authority", "another host", "expired"])
def test_a_certificate_that_is_not_for_us_stops_the_stream_at_once(tls, what):
    port, file, asked = tls("other.example" if what == "another host" else "localhost", -1 if what == "expired" else 30)
    found, client = _get(port, **({} if what == "unknown authority" else {"ca_file": str(file)}))
    assert "certificate was not accepted" in str(found)
    assert (client.requests, client.retries, asked) == (1, 0, [])


def test_a_dead_host_fails_the_batch_and_commits_nothing(stored, tls):
    port, _, asked = tls("localhost")
    dead = {"http://127.0.0.1:9": VendorUnavailable, "http://no-such-host.invalid": VendorUnavailable}
    for host, error in (dead | {f"https://localhost:{port}": StopStream}).items():
        extra = {"first_wait_seconds": 0.001, "attempts": 2}
        connections.use(
            lambda vendor, host=host, extra=extra: {"host": host, "login": "u", "password": "a-password-42", "extra": extra}
        )
        with pytest.raises(error):
            land(RATINGS, RunContext("night", NOW), stored)
        assert loads.manifests(RATINGS, stored) == []
        assert loads.failures(stored, "night")[0].error_class == error.__name__
    assert asked == []
