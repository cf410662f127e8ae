"""Data Docs can be read offline and cannot run anything, whatever a rendered page or a description holds."""

import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from learning_warehouse import data_docs
from learning_warehouse.harmless_html import content_of

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def document(run_name: str = "load-00000001", night: int = 0, note: str = "What it means.") -> dict:
    config = {
        "type": "expect_column_values_to_not_be_null",
        "kwargs": {"column": "id"},
        "severity": "critical",
        "notes": [note, "Touches: all.", "Do it."],
        "description": f"Critical: every record has an id. {note}",
        "meta": {"check": "id_filled", "touches": "all", "red": "no id"},
    }
    result = {
        "success": False,
        "expectation_config": config,
        "meta": {},
        "result": {"element_count": 20, "unexpected_count": 3, "unexpected_percent": 15.0},
        "exception_info": {"raised_exception": False, "exception_message": None, "exception_traceback": None},
    }
    statistics = {
        "evaluated_expectations": 1,
        "successful_expectations": 0,
        "unsuccessful_expectations": 1,
        "success_percent": 0.0,
    }
    meta = {
        "great_expectations_version": "1",
        "run_id": {"run_name": run_name, "run_time": (NIGHT + timedelta(days=night)).isoformat()},
    }
    return {
        "success": False,
        "suite_name": "absorb__users",
        "suite_parameters": {},
        "results": [result],
        "statistics": statistics,
        "meta": meta,
    }


def pages(folder: Path) -> list[str]:
    return [path.read_text() for path in folder.rglob("*.html")]


@pytest.fixture
def built(stored) -> Path:
    for night in range(5):
        data_docs.keep(stored, "absorb__users", document(f"load-{night + 1:08d}", night, ATTACK))
    return data_docs.build(stored, NIGHT)


def test_no_page_has_a_script_a_handler_or_an_address_outside_the_folder(built):
    assert len(pages(built)) == 1 + data_docs.KEPT_PER_SUITE
    for page in pages(built):
        assert not re.search(r"<(script|img|iframe|object|form|base)|\son[a-z]+=[\"']|javascript:", page, re.IGNORECASE)
        assert not re.search(r"(?:href|src)=[\"']?(?:[a-z]+:)?//", page, re.IGNORECASE)
        assert "script-src" not in page and "default-src 'none'" in page


def test_every_link_leads_to_a_file_of_the_folder(built):
    for path in built.rglob("*.html"):
        for href in re.findall(r"href=['\"]([^'\"]+)['\"]", path.read_text()):
            assert (path.parent / href).resolve().is_file(), f"{path.name}: {href}"


def test_a_page_says_severity_what_it_means_what_it_touches_and_what_to_do(built):
    page = (built / "validations" / "absorb__users" / "load-00000005.html").read_text()
    for words in ("critical", "id_filled", "3 of 20 records", "Touches: all.", "Do it.", "every record has an id"):
        assert words in page


def test_only_the_newest_validations_of_a_suite_are_kept(built, stored):
    kept = [key for key in stored.list(data_docs.VALIDATIONS) if key.endswith("batch.json")]
    assert [key.split("/")[4] for key in kept] == ["load-00000003", "load-00000004", "load-00000005"]
    assert not data_docs.is_behind(stored)
    data_docs.keep(stored, "absorb__users", document("load-00000006", 6))
    assert data_docs.is_behind(stored)


def test_five_builds_at_once_leave_one_whole_folder(stored):
    suites = ["absorb__users", "bamboohr__employees", "zendesk__tickets", "salesforce__accounts", "drops__checkins"]

    def one(suite: str) -> None:
        data_docs.keep(stored, suite, document())
        data_docs.build(stored, NIGHT)

    threads = [threading.Thread(target=one, args=(suite,)) for suite in suites]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    index = (Path(stored.path(data_docs.DOCS)) / "index.html").read_text()
    assert all(f"validations/{suite}/load-00000001.html" in index for suite in suites)


def test_harmless_html_keeps_text_and_classes_and_nothing_that_acts():
    page = (
        "<html><body><div class='other'>shell</div><div class='col-md-10 col-lg-10' onclick='x()'>"
        "<p class='a\"b' style='x' onmouseover=y>1 &lt; 2</p>"
        "<script>var a = '</p>';</script><style>p{}</style><a href='javascript:x'>link</a><svg><text>drawn</text></svg><br>"
        "<img src=x onerror=z><div class='card collapse'>hidden <b>deep</b></div><i>end</i></div><p>after</p></body></html>"
    )
    assert content_of(page) == '<p class="a&quot;b">1 &lt; 2</p>link<br><i>end</i>'
