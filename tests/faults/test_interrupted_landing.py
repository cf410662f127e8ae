"""Family G2: a landing that is told to stop, once or twice, ends soon, commits nothing, and the next run lands everything."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from paged_vendors import RATINGS, rating

from learning_warehouse import loads

# What a shell starts in the background ignores SIGINT, and so does all that it starts: the handler is put back.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from datetime import UTC, datetime
from learning_warehouse.landing import land
from learning_warehouse.sources import find
from learning_warehouse.storage import storage
from learning_warehouse.streams import RunContext
land(find("zendesk.satisfaction_ratings"), RunContext("night", datetime(2026, 12, 1, 1, tzinfo=UTC)), storage())
"""


@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGTERM], [signal.SIGINT, signal.SIGTERM, signal.SIGINT]])
def test_a_landing_that_is_told_to_stop_commits_nothing_and_the_next_run_lands_all(hostile, respond, stored, signals):
    def page(number, more):
        content = {"satisfaction_ratings": [rating(number)], "meta": {"has_more": more}}
        return respond(json.dumps(content | {"links": {"next": f"{hostile.url}/api/v2/more" if more else None}}))

    def stalled(path, number):
        return iter(lambda: time.sleep(1) or b" ", b"") if "more" in path else page(1, True)

    values = {"host": f"{hostile.url}/api/v2", "login": "u", "password": "a-password-42"}
    environment = os.environ | {"AIRFLOW_CONN_ZENDESK": json.dumps(values)}
    hostile.script = stalled
    child = subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stderr=subprocess.PIPE)
    waited = time.monotonic()
    while len(hostile.seen) < 2 and child.poll() is None and time.monotonic() - waited < 60:
        time.sleep(0.05)
    assert len(hostile.seen) == 2, child.stderr.read() if child.poll() is not None else "no second request"
    for number in signals:
        child.send_signal(number)
        time.sleep(0.05)
    _, said = child.communicate(timeout=120)
    assert child.returncode in (-signals[0], 1, 130, -signal.SIGTERM), said
    assert loads.manifests(RATINGS, stored) == []
    assert [key for key in stored.list("raw") if "_manifests" in key] == []
    hostile.script = lambda path, number: page(2, False) if "more" in path else page(1, True)
    assert subprocess.run([sys.executable, "-c", PROGRAM], env=environment, check=False, timeout=300).returncode == 0
    (manifest,) = loads.manifests(RATINGS, stored)
    assert (manifest.records, manifest.pages) == (2, 2)
