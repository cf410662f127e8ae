"""The sandbox over https: real TLS to the vendors' own host names through its proxy, trusted by its own CA alone."""

import json
import socket
import ssl
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from learning_warehouse import connections
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.sandbox import bamboohr, process, zendesk
from learning_warehouse.sandbox.authority import make_certificates
from learning_warehouse.sandbox.server import HOSTS
from learning_warehouse.settings import Settings, reset_settings

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
TICKETS = "https://halden.zendesk.com/api/v2/incremental/tickets/cursor.json?start_time=0&per_page=10"
AUTH = (f"{zendesk.EMAIL}/token", zendesk.TOKEN)


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[process.SandboxProcess]:
    home = tmp_path_factory.mktemp("secure")
    started = process.start(Settings(home=home, employees=60, accounts=60, seed=3), NOW, rate_factor=0.0, tls=True)
    yield started
    process.stop(started)
    assert not list((home / "run").rglob("*.*")), "what it announced is gone with it"


@pytest.fixture
def client(secure: process.SandboxProcess) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(secure.ca_file)
        session.proxies = dict.fromkeys(("http", "https"), f"http://127.0.0.1:{secure.proxy_port}")
        yield session


def test_every_vendor_answers_https_at_its_own_host(client: requests.Session) -> None:
    for host in HOSTS:
        assert client.get(f"https://{host}/", timeout=20).status_code in (400, 401, 403, 404, 405), host


def test_links_of_an_https_answer_are_https_and_lead_on(client: requests.Session) -> None:
    first = client.get(TICKETS, auth=AUTH, timeout=20).json()
    assert first["tickets"][0]["url"].startswith("https://halden.zendesk.com/")
    second = client.get(first["after_url"], auth=AUTH, timeout=20).json()
    assert {ticket["id"] for ticket in first["tickets"]}.isdisjoint(ticket["id"] for ticket in second["tickets"])


def test_https_and_http_give_the_same_records_through_the_same_proxy(client: requests.Session) -> None:
    url = "//halden.bamboohr.com/api/v1/employees?page[limit]=100"
    answers = [client.get(f"{scheme}:{url}", auth=(bamboohr.API_KEY, "x"), timeout=20).json() for scheme in ("http", "https")]
    assert answers[0]["data"] == answers[1]["data"]
    assert len(answers[0]["data"]) > 50


def test_an_account_the_vendor_does_not_have_is_told_as_the_vendor_tells_it(client: requests.Session) -> None:
    answer = client.get("https://nobody.zendesk.com/api/v2/users/me.json", timeout=20)
    assert (answer.status_code, "help desk" in answer.text) == (404, True)


@pytest.mark.parametrize("url", ["https://example.com/", "https://halden.zendesk.com:8443/", "https://zendesk.com.example/"])
def test_a_host_that_is_not_ours_is_refused_by_the_proxy(client: requests.Session, url: str) -> None:
    with pytest.raises(requests.exceptions.ProxyError, match="502"):
        client.get(url, timeout=20)


def test_who_does_not_trust_the_ca_does_not_connect(client: requests.Session) -> None:
    client.verify = True
    with pytest.raises(requests.exceptions.SSLError, match="self-signed certificate"):
        client.get(TICKETS, auth=AUTH, timeout=20)


def test_a_cut_body_is_cut_over_tls_too(client: requests.Session, secure: process.SandboxProcess) -> None:
    secure.set_faults([{"kind": "cut", "vendor": "zendesk", "times": 1}])
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.SSLError)):
        client.get(TICKETS, auth=AUTH, timeout=20)
    assert client.get(TICKETS, auth=AUTH, timeout=20).status_code == 200


def test_a_client_that_says_nothing_or_nonsense_harms_nobody(client: requests.Session, secure: process.SandboxProcess) -> None:
    port = secure.proxy_port
    heads = (b"", b"CONNECT", b"CONNECT halden.zendesk.com", b"\x16\x03\x01 nonsense", b"CONNECT halden.zendesk.com:443 HTTP/1.1")
    for words in (*(head + b"\r\n\r\n" for head in heads), b"", b"x" * 100_000):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
            sock.sendall(words)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(4096):
                pass
    assert client.get(TICKETS, auth=AUTH, timeout=20).status_code == 200


def test_a_connected_source_reads_it_as_it_would_read_the_vendor(
    secure: process.SandboxProcess, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = {"proxy": f"http://127.0.0.1:{secure.proxy_port}", "ca_file": str(secure.ca_file)}
    values = {"host": "https://halden.zendesk.com/api/v2", "login": zendesk.EMAIL, "password": zendesk.TOKEN, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_ZENDESK", json.dumps(values))
    reset_settings()
    assert "https://halden.zendesk.com/api/v2 accepted the credentials" in connections.check("zendesk")
    monkeypatch.setenv("AIRFLOW_CONN_ZENDESK", json.dumps({**values, "extra": {"proxy": extra["proxy"], "attempts": 1}}))
    with pytest.raises(LearningWarehouseError):
        connections.check("zendesk")


def test_the_announcement_names_proxy_and_ca_and_the_files_are_for_their_owner(secure: process.SandboxProcess) -> None:
    ready = json.loads((secure.home / "run" / "sandbox.json").read_text())
    assert ready == {"port": secure.port, "pid": secure.pid, "proxy_port": secure.proxy_port, "ca_file": str(secure.ca_file)}
    folder = Path(ready["ca_file"]).parent
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {"ca.pem": 0o600, "server.pem": 0o600}


def test_the_key_of_the_root_is_kept_nowhere_and_the_server_key_can_sign_nothing(tmp_path: Path) -> None:
    made = make_certificates(tmp_path, ["a.example", "127.0.0.1"])
    root = x509.load_pem_x509_certificate(made.ca.read_bytes())
    leaf = x509.load_pem_x509_certificates(made.server.read_bytes())[0]
    assert b"PRIVATE KEY" not in made.ca.read_bytes()
    key = load_pem_private_key(made.server.read_bytes(), None)
    assert key.public_key() == leaf.public_key() != root.public_key()
    leaf.verify_directly_issued_by(root)
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["a.example"]
    strict = ssl.create_default_context(cafile=made.ca)
    assert len(strict.get_ca_certs()) == 1


def test_a_sandbox_does_not_remove_the_certificates_of_the_next_one(tmp_path: Path) -> None:
    first, second = make_certificates(tmp_path, ["a.example"]), make_certificates(tmp_path, ["a.example"])
    first.close()
    assert second.ca.exists() and second.server.exists()
    second.close()
    second.close()
    assert list(tmp_path.iterdir()) == []
