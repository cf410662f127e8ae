"""The pages: plain words, traceable figures, hostile text kept harmless, no script, no other host, every link leads somewhere."""

import re
import sys
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import handmade_loads
import handmade_marts
import pytest

from learning_warehouse import transform
from learning_warehouse.facts import RENDERINGS
from learning_warehouse.generations import MartGate, begin, publish
from learning_warehouse.settings import reset_settings
from learning_warehouse.sources import every_stream, is_read
from learning_warehouse.storage import storage

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
LOADS = sum(is_read(stream.full_name) for stream in every_stream())
NO_IDS = "1,204 of 1,300 enrollments have no id."
HOSTILE = [
    "<script>document.title='owned'</script>",
    '"><img src=x onerror=document.title=1>',
    "{{ 7 * 7 }}",
    "javascript:alert(1)",
    "</style><script>1</script>",
    "=cmd|' /C calc'!A0",
]


class Reading(HTMLParser):
    """Collects tags, attributes and visible text of one page."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags, self.links, self.figures, self.attributes, self._open, text = [], [], [], [], None, page.read_text()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.tags.append(tag)
        self.attributes += attributes
        if "href" in values:
            self.links.append(values["href"])
        if tag == "span" and "data-query" in values:
            self._open = values

    def handle_data(self, data):
        if self._open is not None:
            self.figures.append((self._open, data))
            self._open = None
        self.text += data


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LW_HOME", str(tmp_path))
    reset_settings()
    handmade_marts.write(transform.warehouse_file())
    yield tmp_path
    reset_settings()


def publish_night(now=NIGHT, gate=None):
    return publish(begin(now, f"night-{now:%Y%m%d}"), gate, docs=False)


def test_every_figure_on_the_front_page_is_found_again_in_a_published_mart(home):
    handmade_loads.write_good_night(storage(), NIGHT)
    generation = publish_night()
    figures = Reading(generation.path / "site" / "index.html").figures
    assert len(figures) > 50
    for attributes, text in figures:
        file = generation.restricted if "restricted." in attributes["data-query"] else generation.warehouse
        with duckdb.connect(str(file), read_only=True) as connection:
            value = connection.execute(attributes["data-query"]).fetchone()[0]
        assert RENDERINGS[attributes["data-rendering"]](value) == text


def test_the_front_page_answers_its_questions_in_order_and_names_the_definition_version(home):
    handmade_loads.write_good_night(storage(), NIGHT)
    page = publish_night().path / "site" / "index.html"
    text = page.read_text()
    questions = re.findall(r"<h2>([^<]+)</h2><span class=\"state", text)
    assert questions == [
        "Did it matter?",
        "Is it applied?",
        "Is it used?",
        "Too early",
        "Cannot say",
        "Can we trust it?",
        "Do next",
    ]
    assert "For customers: likely, not proven." in text
    assert "SIMULATED." in text
    assert "company.yml says, definition version 1" in text
    assert f"All {LOADS} loads arrived." in text
    assert text.count("<svg") == 3


def test_a_bad_night_says_what_is_old_why_and_what_to_do(home):
    handmade_loads.write_good_night(storage(), NIGHT)
    publish_night()
    later = NIGHT + timedelta(days=1)
    handmade_loads.write_good_night(storage(), later, seq=2, without=("zendesk.tickets",))
    handmade_loads.write_load(
        storage(), "absorb", "enrollments", later, seq=2, verdict="rejected", severity="critical", checks_passed=9,
        reasons=[{"check": "id is filled", "severity": "critical", "sentence": NO_IDS, "touches": ["activity_learner_weeks"]}],
    )  # fmt: skip
    handmade_loads.write_failure(storage(), "zendesk", "tickets", later, "it answered 200 with an error body")
    site = publish_night(later).path / "site"
    front = Reading(site / "index.html").text
    assert f"{LOADS - 2} of {LOADS} loads arrived." in front
    assert (
        "We could not update enrollments from the learning system. You see last good data from 1 December 2026, 24 hours old."
        in front
    )
    assert "Partly: some of it is older than it should be." in front
    trust = Reading(site / "trust" / "index.html").text
    assert "Partly. 2 loads did not make it" in trust
    held_back = Reading(site / "trust" / "absorb.enrollments.html").text
    for words in (
        "held back",
        "1,204 of 1,300 enrollments have no id.",
        "You see last good data from 1 December 2026",
        "lw show absorb enrollments",
        "asks again for everything",
    ):
        assert words in held_back
    failed = Reading(site / "trust" / "zendesk.tickets.html").text
    for words in ("gave nothing usable: it answered 200 with an error body", "lw connect zendesk --check"):
        assert words in failed


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_text_from_a_vendor_stays_text(home, payload):
    handmade_loads.write_good_night(storage(), NIGHT)
    reasons = [{"check": payload, "severity": "warning", "sentence": payload, "touches": [payload]}]
    handmade_loads.write_load(
        storage(),
        "zendesk",
        "tickets",
        NIGHT,
        reasons=reasons,
        severity="warning",
        set_aside_reasons={payload: 3},
        unknown_keys={payload: 1},
        set_aside=3,
        newest_event_at=payload,
    )
    handmade_marts.write(
        transform.warehouse_file(),
        change="update marts.impact_pilot_effects set pilot_name = '" + payload.replace("'", "''") + "';",
    )
    site = publish_night().path / "site"
    seen = 0
    for page in site.rglob("*.html"):
        reading = Reading(page)
        assert not {"script", "iframe", "object", "embed", "form", "base", "link"} & set(reading.tags), page
        assert "img" not in reading.tags
        assert not [name for name, _ in reading.attributes if name.startswith("on")]
        assert not [link for link in reading.links if ":" in link]
        seen += payload in reading.text
    assert seen >= 3


def test_every_page_forbids_scripts_and_other_hosts_and_every_link_leads_to_a_page(home):
    handmade_loads.write_good_night(storage(), NIGHT)
    site = publish_night().path / "site"
    for page in site.rglob("*.html"):
        text = page.read_text()
        assert "default-src 'none'" in text
        assert "script-src" not in text
        assert not re.findall(r"(?:https?:)?//[a-z]", text)
        for link in Reading(page).links:
            target, _, anchor = link.partition("#")
            aim = page.parent / target if target else page
            assert aim.is_file(), (page, link)
            assert not anchor or f'id="{anchor}"' in aim.read_text()


def test_charts_are_plain_svg_with_text_and_the_same_on_every_run(home):
    handmade_loads.write_good_night(storage(), NIGHT)
    pages = [(publish_night().path / "site" / "index.html").read_text() for _ in range(2)]
    drawings = [re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL) for page in pages]
    assert drawings[0] == drawings[1]
    for svg in drawings[0]:
        assert "<text" in svg
        assert "<metadata" not in svg
        assert "matplotlib" not in svg.lower()
        ids = re.findall(r' id="([^"]+)"', " ".join(drawings[0]))
        assert len(ids) == len(set(ids))
        assert 'role="img" aria-label="' in svg


def test_no_path_of_this_machine_is_published(home):
    handmade_loads.write_good_night(storage(), NIGHT)
    folder = publish_night().path
    for path in folder.rglob("*"):
        if path.suffix in {".html", ".json", ".csv"}:
            assert str(home) not in path.read_text()


def test_the_marts_page_lists_every_mart_with_rows_and_columns(home):
    handmade_loads.write_good_night(storage(), NIGHT)
    generation = publish_night()
    text = Reading(generation.path / "site" / "marts" / "index.html").text
    for mart in generation.manifest["marts"]:
        assert mart["name"] in text
        assert f"{mart['rows']:,}" in text
    assert "is_trained_any" in text
    assert 'duckdb -readonly served/warehouse.duckdb "from impact_customer_education"' in text


def test_data_docs_are_copied_only_when_hardened(home):
    handmade_loads.write_good_night(storage(), NIGHT)
    docs = home / "working" / "data-docs"
    (docs / "validations").mkdir(parents=True)
    good = '<html><head><meta http-equiv="Content-Security-Policy" content="default-src \'none\'"></head><body>fine</body></html>'
    (docs / "index.html").write_text(good)
    (docs / "validations" / "good.html").write_text(good)
    (docs / "validations" / "script.html").write_text(good.replace("fine", "<script>1</script>"))
    (docs / "validations" / "open.html").write_text("<body>no policy</body>")
    (docs / "shown.json").write_text("{}")
    site = publish_night().path / "site"
    assert {path.name for path in (site / "data-docs").rglob("*") if path.is_file()} == {"index.html", "good.html"}
    assert 'href="../../index.html"' in (site / "data-docs" / "validations" / "good.html").read_text()
    assert "data-docs/index.html" in Reading(site / "index.html").links


def test_nothing_at_all_in_the_warehouse_still_gives_pages(home):
    generation = publish_night(gate=MartGate(False, 0, 0, ("core did not build",)))
    text = Reading(generation.path / "site" / "index.html").text
    assert "We cannot say yet." in text
    assert f"0 of {LOADS} loads arrived." in text
    assert "core did not build" in Reading(generation.path / "site" / "trust" / "index.html").text


def test_pages_do_not_import_matplotlib_until_they_draw():
    import subprocess

    heavy = "('matplotlib', 'pandas', 'dbt', 'great_expectations')"
    code = f"import sys, learning_warehouse.pages.site; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
