"""The two bad nights of `make break`, as landing and typing see them."""

from datetime import UTC, datetime

import pytest

from learning_warehouse import loads
from learning_warehouse.connections import SANDBOX
from learning_warehouse.errors import BadAnswer
from learning_warehouse.landing import land_and_type
from learning_warehouse.sources import SOURCES
from learning_warehouse.streams import RunContext

CONTEXT = RunContext("bad", datetime(2026, 12, 1, 1, tzinfo=UTC))


def test_error_bodies_stop_every_zendesk_stream_and_are_recorded(sandbox, stored):
    sandbox.set_faults([{"kind": "zendesk_error_body"}])
    for name in SOURCES["zendesk"].streams:
        with pytest.raises(BadAnswer, match="not what is documented"):
            land_and_type(f"zendesk.{name}", CONTEXT)
    assert {failure.stream for failure in loads.failures(stored, "bad")} == set(SOURCES["zendesk"].streams)
    assert loads.latest(stored) == []


def test_null_keys_are_set_aside_and_counted(sandbox, stored):
    sandbox.set_faults([{"kind": "absorb_null_enrollment_keys", "share": 0.25}])
    receipt = land_and_type("absorb.enrollments", CONTEXT)
    assert receipt.set_aside_reasons == {"id: missing": receipt.set_aside}
    assert 0.15 < receipt.set_aside / receipt.records < 0.35
    assert receipt.typed + receipt.set_aside == receipt.records


def test_no_secret_of_a_connection_is_stored(every_vendor, stored):
    for vendor, source in SOURCES.items():
        if source.open_client:
            land_and_type(f"{vendor}.{next(iter(source.streams))}", CONTEXT)
    content = b"".join(stored.read_bytes(key) for folder in ("raw", "typed", "quarantine") for key in stored.list(folder))
    secrets = [secret for values in SANDBOX.values() for secret in (values["password"], *values.get("extra", {}).values())]
    assert len(secrets) >= len(SANDBOX) and all(len(secret) > 8 for secret in secrets)
    for secret in secrets:
        assert secret.encode() not in content
