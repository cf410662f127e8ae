"""No registered secret leaves an error: not plain, not encoded, not by repr, and not through a log handler."""

import base64
import logging
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from learning_warehouse.errors import (
    ConfigurationError,
    RedactingFilter,
    RetryLater,
    StopEverything,
    StopStream,
    redact,
    register_secret,
)

SECRET = "tr0ub4dor/&3+three"
FORMS = (SECRET, quote(SECRET, safe=""), base64.b64encode(SECRET.encode()).decode())


@pytest.fixture(autouse=True)
def registered():
    register_secret(SECRET)


@pytest.mark.parametrize("form", FORMS)
def test_an_error_never_says_a_secret(form):
    error = StopStream(f"the vendor said {form}", "zendesk", "tickets", what_to_do=f"change {form}")
    for text in (str(error), repr(error), error.reason, redact(form)):
        assert form not in text
        assert "***" in text


def test_a_log_line_never_says_a_secret():
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "token %s", (SECRET,), None)
    assert RedactingFilter().filter(record)
    assert record.getMessage() == "token ***"


def test_an_error_says_where_and_what_to_do():
    assert str(StopStream("it broke.", "zendesk", "tickets", what_to_do="Run again.")) == "zendesk.tickets: it broke. Run again."


def test_exit_codes_are_those_that_lw_documents():
    later = RetryLater("wait", datetime(2026, 12, 1, tzinfo=UTC))
    assert [error.exit_code for error in (StopStream(""), later, ConfigurationError(""), StopEverything(""))] == [1, 1, 2, 3]
