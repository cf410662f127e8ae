"""One notification for one cause, over a real webhook and real SMTP; a channel that is down never fails a night."""

import json
import socketserver
import threading
from datetime import UTC, datetime

import pytest

from learning_warehouse.notifications import Cause, causes_of, causes_of_build, notify
from learning_warehouse.pages.loads import LoadState
from learning_warehouse.settings import reset_settings

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
SENTENCE = "the vendor refused our credentials (401)."
REFUSED = Cause("salesforce", "CredentialsRefused", (SENTENCE,), "ingest_crm", ("accounts", "contacts"))


@pytest.fixture
def webhook(hostile, respond, monkeypatch, stored):
    """A channel of this home; `hostile.told` lists what came as JSON."""
    hostile.script = lambda path, number: respond("{}")
    monkeypatch.setenv("LW_NOTIFY", hostile.url.replace("http://", "json://"))
    reset_settings()
    return hostile


def test_a_cause_is_told_once_and_again_after_it_was_over(webhook, stored):
    assert notify("crm", [REFUSED], NIGHT, stored) == [REFUSED]
    assert notify("crm", [REFUSED], NIGHT, stored) == []
    assert len(webhook.seen) == 1
    assert notify("crm", [], NIGHT, stored) == []
    assert stored.list("notifications/crm/") == []
    assert notify("crm", [REFUSED], NIGHT, stored) == [REFUSED]
    assert len(webhook.seen) == 2


def test_domains_do_not_end_each_others_causes(webhook, stored):
    notify("crm", [REFUSED], NIGHT, stored)
    notify("hris", [], NIGHT, stored)
    assert notify("crm", [REFUSED], NIGHT, stored) == []


def test_other_numbers_are_the_same_cause_and_other_words_another():
    keys = [cause.key for cause in causes_of_build(["3 of 1,000 rows repeat a key", "41 of 9 rows repeat a key", "no rows"])]
    assert keys[0] == keys[1] != keys[2]


def failed(source: str, stream: str, error: str | None = "CredentialsRefused") -> LoadState:
    state, failure = ("failed", SENTENCE) if error else ("rejected", f"{stream} repeat")
    return LoadState(source=source, stream=stream, domain="crm", state=state, failure=failure, failure_class=error)


def test_many_streams_stopped_by_one_vendor_are_one_cause_and_each_load_held_back_is_its_own():
    states = [failed("salesforce", "accounts"), failed("salesforce", "contacts"), failed("hubspot", "deals")]
    states += [failed("hubspot", name, None) for name in ("companies", "owners")]
    found = causes_of(states)
    assert [(cause.where, cause.streams, cause.sentences) for cause in found] == [
        ("salesforce", ("accounts", "contacts"), (SENTENCE,)),
        ("hubspot", ("deals",), (SENTENCE,)),
        ("hubspot", ("companies",), ("companies repeat",)),
        ("hubspot", ("owners",), ("owners repeat",)),
    ]
    assert len({cause.key for cause in found}) == 4


def test_a_channel_that_is_down_is_tried_again_and_fails_nothing(webhook, respond, stored, caplog):
    webhook.script = lambda path, number: respond("no", status=500) if number == 0 else respond("{}")
    assert notify("crm", [REFUSED], NIGHT, stored) == []
    assert "could not be sent" in caplog.text
    assert notify("crm", [REFUSED], NIGHT, stored) == [REFUSED]


def test_without_a_channel_nobody_is_told_and_a_later_channel_hears_of_it(home, stored, monkeypatch, hostile, respond):
    assert notify("crm", [REFUSED], NIGHT, stored) == []
    hostile.script = lambda path, number: respond("{}")
    monkeypatch.setenv("LW_NOTIFY", hostile.url.replace("http://", "json://"))
    reset_settings()
    assert notify("crm", [REFUSED], NIGHT, stored) == [REFUSED]


class Mailbox(socketserver.StreamRequestHandler):
    """Just enough SMTP to take one message."""

    def handle(self) -> None:
        self.wfile.write(b"220 mailbox\r\n")
        in_message = False
        for line in self.rfile:
            if in_message:
                self.server.message += line
                in_message = line != b".\r\n"
                if not in_message:
                    self.wfile.write(b"250 kept\r\n")
                continue
            word = line.split()[0].upper() if line.split() else b""
            in_message = word == b"DATA"
            self.wfile.write({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 yes\r\n"))
            if word == b"QUIT":
                return


def test_an_e_mail_says_what_where_and_what_to_do(home, stored, monkeypatch):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mailbox) as server:
        server.message = b""
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        address = f"mailto://127.0.0.1:{server.server_address[1]}?from=lw@halden.example&to=data@halden.example&format=text"
        monkeypatch.setenv("LW_NOTIFY", address)
        reset_settings()
        assert notify("crm", [REFUSED], NIGHT, stored) == [REFUSED]
        server.shutdown()
    message = server.message.decode()
    assert "salesforce needs somebody" in message
    assert all(text in message for text in ("refused our credentials", "accounts, contacts", "section ingest_crm", "2026-12-01"))


def test_what_is_kept_of_it_names_no_channel(webhook, stored):
    notify("crm", [REFUSED], NIGHT, stored)
    kept = stored.read_bytes(stored.list("notifications/crm/")[0])
    assert json.loads(kept) == {"where": "salesforce", "sentences": [SENTENCE], "now": NIGHT.isoformat()}
