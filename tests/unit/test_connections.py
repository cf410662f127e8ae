"""Connections and the shared login: where credentials come from, and that they stay hidden."""

import json
import logging
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from learning_warehouse import connections
from learning_warehouse.connections import Connection, check, connection
from learning_warehouse.errors import ConfigurationError, CredentialsRefused, RedactingFilter, redact, register_secret
from learning_warehouse.http import Client
from learning_warehouse.paging import parse
from learning_warehouse.settings import REPOSITORY, reset_settings
from learning_warehouse.tokens import SharedToken


def test_environment_comes_before_the_provider_and_both_before_the_sandbox(home, monkeypatch):
    (home / "run").mkdir(parents=True)
    (home / "run" / "sandbox.json").write_text('{"port": 4711, "pid": 1}')
    assert connection("zendesk").simulated
    assert connection("zendesk").extra["proxy"] == "http://127.0.0.1:4711"
    connections.use(lambda vendor: {"host": "https://provider.example", "password": "from-provider"})
    assert (connection("zendesk").host, connection("zendesk").simulated) == ("https://provider.example", False)
    monkeypatch.setenv("AIRFLOW_CONN_ZENDESK", json.dumps({"host": "env.example", "port": 8443, "extra": '{"ca_file": "/x"}'}))
    found = connection("zendesk")
    assert (found.host, found.extra) == ("https://env.example:8443", {"ca_file": "/x"})


def test_missing_sandbox_and_missing_connection_say_what_to_do(home, tmp_path, monkeypatch):
    with pytest.raises(ConfigurationError, match="lw sandbox"):
        connection("zendesk")
    content = yaml.safe_load((REPOSITORY / "company.yml").read_text())
    content["sources"] |= {"zendesk": "connected", "absorb": "absent"}
    (tmp_path / "company.yml").write_text(yaml.safe_dump(content))
    monkeypatch.setenv("LW_COMPANY_FILE", str(tmp_path / "company.yml"))
    reset_settings()
    with pytest.raises(ConfigurationError, match="AIRFLOW_CONN_ZENDESK"):
        connection("zendesk")
    with pytest.raises(ConfigurationError, match="absent"):
        connection("absorb")


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        '{"host": ""}',
        '{"host": "file:///etc"}',
        '{"host": "https://u:p@x.example"}',
        '{"host": "https://x.example", "extra": "nope"}',
    ],
)
def test_unusable_connection_is_refused_without_its_content(home, monkeypatch, text):
    monkeypatch.setenv("AIRFLOW_CONN_ZENDESK", text)
    with pytest.raises(ConfigurationError) as caught:
        connection("zendesk")
    assert "u:p" not in str(caught.value)


def test_check_says_in_one_sentence_what_happened(sandbox, monkeypatch):
    assert check("zendesk") == "Zendesk Support: the sandbox accepted the credentials and answered."
    assert "needs no connection" in check("drops")
    with pytest.raises(ConfigurationError, match="There is no vendor"):
        check("fax")


def test_secrets_are_hidden_in_every_form():
    register_secret("s3cr3t/with+signs")
    hidden = redact("plain s3cr3t/with+signs url s3cr3t%2Fwith%2Bsigns base64 czNjcjN0L3dpdGgrc2lnbnM= end")
    assert hidden == "plain *** url *** base64 *** end"
    assert "hidden-password" not in repr(Connection("v", "https://x.example", "me", "hidden-password", {"private_key": "k"}))


def test_log_lines_are_redacted():
    register_secret("log-secret-1")
    record = logging.LogRecord("x", logging.INFO, "f", 1, "token %s", ("log-secret-1",), None)
    RedactingFilter().filter(record)
    assert record.getMessage() == "token ***"


class Vendor:
    """A server side where each login ends the login before it, as with Absorb."""

    def __init__(self, hostile, respond):
        self.logins, self.live, self.flaky = 0, None, 0
        hostile.script = self.answer
        self.hostile, self.respond = hostile, respond

    def answer(self, path, number):
        if path == "/login":
            self.logins += 1
            self.live = f"token-{self.logins:06d}"
            return self.respond(json.dumps(self.live))
        sent = self.hostile.seen[number][1].get("authorization", "")
        if self.flaky:
            self.flaky -= 1
            return self.respond("{}", 401)
        return self.respond(
            '{"rows":[]}' if sent == f"Bearer {self.live}" else "{}", 200 if sent == f"Bearer {self.live}" else 401
        )

    def client(self, tries=1):
        target = self.hostile.connection()
        login = lambda client: client.call("POST", "/login", json={}, authorized=False, decode=lambda a: parse(a.body, str))  # noqa: E731
        return Client(target, SharedToken("vendor", target, login, same_token_tries=tries))


def _rows(client):
    return client.get("/rows", {}, lambda answer: parse(answer.body, dict))


def test_workers_share_one_login(home, hostile, respond):
    vendor = Vendor(hostile, respond)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: _rows(vendor.client()), range(8))) == [{"rows": []}] * 8
    assert vendor.logins == 1
    (file,) = (home / "run").glob("token-vendor-*")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_killed_login_is_renewed_once_for_all(home, hostile, respond):
    vendor = Vendor(hostile, respond)
    first, second = vendor.client(), vendor.client()
    _rows(first), _rows(second)
    vendor.live = "another"
    _rows(first), _rows(second), _rows(first)
    assert vendor.logins == 2


def test_stray_refusal_of_a_live_login_does_not_end_it(home, hostile, respond):
    vendor = Vendor(hostile, respond)
    client = vendor.client()
    _rows(client)
    vendor.flaky = 1
    _rows(client)
    assert vendor.logins == 1


def test_refusal_after_a_new_login_is_final(home, hostile, respond):
    vendor = Vendor(hostile, respond)
    client = vendor.client()
    vendor.flaky = 1000
    with pytest.raises(CredentialsRefused):
        _rows(client)
    assert vendor.logins <= 2
    assert len(hostile.seen) < 8
