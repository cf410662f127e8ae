"""Sentences say what the marts allow, no more, and every figure in them is found again in a mart."""

import re

import duckdb
import handmade_marts
import pytest

from learning_warehouse.facts import RENDERINGS, Marts, NotThere
from learning_warehouse.findings import TIER_PHRASES, findings, text_of, you_can_say
from learning_warehouse.warehouse.duckdb import DuckDBWarehouse

STAMP = {"generation": "1", "run_id": "x", "night": "2026-12-01T01:00:00+00:00"}
WORDS_WITH_DIGITS = re.compile(r"fewer than \d+ accounts or \d+ leavers on one side")


@pytest.fixture
def published(tmp_path):
    """A function that publishes the hand-made marts after one change, and gives the two files."""

    def publish(change=""):
        work = tmp_path / "work.duckdb"
        handmade_marts.write(work, change=change)
        engine = DuckDBWarehouse()
        marts = [relation for relation in engine.relations(work) if relation.is_mart]
        engine.copy(work, tmp_path / "warehouse.duckdb", [mart for mart in marts if mart.schema == "marts"], STAMP)
        engine.copy(
            work, tmp_path / "restricted.duckdb", [mart for mart in marts if mart.schema == "restricted"], STAMP, into="main"
        )
        return tmp_path / "warehouse.duckdb", tmp_path / "restricted.duckdb"

    return publish


def churn_row(values):
    """SQL that changes the headline row about leaving."""
    return f"update marts.impact_customer_education set {values} where outcome = 'churn' and is_headline;"


def by_key(files):
    return {item.key: item for item in findings(*files)}


def test_the_headline_reads_as_people_would_say_it(published):
    found = by_key(published())
    assert found["churn"].sentence == (
        "Trained customers left 34 % less often than comparable untrained ones; the data fit 18 to 46 % "
        "(1,758 accounts, 515 left): likely, not proven."
    )
    assert text_of(found["churn"].naive).startswith("Do not quote 54 %, the plain comparison")
    assert found["churn"].interval == pytest.approx((0.54, 0.82))
    assert found["churn"].n == 1758
    assert "asked 22 % fewer how-to questions" in found["how_to"].sentence
    assert "-30 % (-44 % to -12 %)" in found["churn_definitions"].sentence
    assert "certified, not shown" in found["churn_definitions"].sentence
    assert found["agents_all"].sentence.startswith(
        "After a course on a ticket category, agents solve such a ticket 1.1 h faster (0.4 to 1.8; 38 v 41 agents)"
    )
    assert found["agents_by_category"].sentence == (
        "Hours saved by category: billing +1.6 h (+0.6 h to +2.6 h); reporting +0.3 h (-0.9 h to +1.5 h)."
    )
    assert (
        found["agents_integrations"].sentence
        == "Agents after courses on integrations: not shown, fewer than ten agents on one side."
    )
    assert "41 % of weekly check-ins" in found["managers"].sentence
    assert "November 2026" in found["managers"].sentence


def test_every_figure_in_every_sentence_is_found_again_in_a_mart(published):
    warehouse, restricted = published()
    figures = 0
    for item in findings(warehouse, restricted):
        for parts in (item.parts, item.naive):
            words = " ".join(part for part in parts if isinstance(part, str))
            assert not re.search(r"\d", WORDS_WITH_DIGITS.sub("", words)), words
        for fact in item.facts:
            with duckdb.connect(str(restricted if fact.schema == "restricted" else warehouse), read_only=True) as connection:
                value = connection.execute(fact.query).fetchone()[0]
            assert RENDERINGS[fact.rendering](value) == fact.text
            assert fact.mart in fact.origin
            figures += 1
    assert figures > 50


def test_an_interval_that_holds_no_difference_is_told_as_no_difference(published):
    found = by_key(published(churn_row("ci_high = 1.03")))
    assert "no difference can be told yet" in found["churn"].sentence
    assert "34 %" not in found["churn"].sentence
    assert found["churn"] not in you_can_say(list(found.values()))
    assert "likely" not in found["churn"].sentence


@pytest.mark.parametrize("tier", ["associated", "supported", "proven"])
def test_the_strength_is_the_phrase_of_the_computed_tier_and_no_other(published, tier):
    found = by_key(published(churn_row(f"tier = '{tier}'")))
    assert found["churn"].sentence.endswith(f": {TIER_PHRASES[tier]}.")
    assert not [
        phrase
        for name, phrase in TIER_PHRASES.items()
        if name != tier and phrase in found["churn"].sentence and phrase not in TIER_PHRASES[tier]
    ]


def test_a_failed_check_turns_a_sentence_into_what_cannot_be_said(published):
    item = by_key(published(churn_row("tier = 'unreliable', failed_checks = 'overlap,balance'")))["churn"]
    assert item.section == "cannot"
    assert "too different to compare" in item.sentence
    assert not item.facts


def test_a_withheld_row_gives_its_reason_and_no_figure(published):
    change = churn_row("state = 'too_few', tier = 'withheld', estimate = null, withheld_reason = 'fewer than fifty accounts'")
    item = by_key(published(change))["churn"]
    assert item.sentence == "Whether trained customers stay longer: not shown, fewer than fifty accounts."


def test_a_harmful_effect_is_told_as_such(published):
    item = by_key(published(churn_row("estimate = 1.3, ci_low = 1.1, ci_high = 1.5")))["churn"]
    assert "left 30 % more often" in item.sentence
    assert "10 to 50 %" in item.sentence
    assert "points the other way" in text_of(item.naive)


def test_a_pilot_speaks_only_after_its_date_and_in_the_words_of_its_tier(published):
    found = by_key(published())
    assert found["pilot_discovery-calls"].section == "early"
    assert (
        found["pilot_discovery-calls"].sentence
        == 'Pilot "Discovery calls": main answer on 1 February 2027; 24 teams can show a gain of 9 points, not less.'
    )
    values = "state = 'reads', tier = 'proven', estimate = .12, ci_low = .05, ci_high = .19"
    change = f"update marts.impact_pilot_effects set {values} where is_headline;"
    item = by_key(published(change))["pilot_discovery-calls"]
    assert item.section == "matter"
    assert (
        item.sentence == 'Pilot "Discovery calls" raised the win rate by 12 points '
        "(+5 to +19 points; 12 v 12 teams): proven by a randomized pilot."
    )


@pytest.mark.parametrize(
    "mart",
    ["impact_customer_education", "application_ticket_handling_effects", "application_checkin_months", "activity_program_funnel"],
)
def test_a_missing_or_empty_mart_costs_its_own_sentences_only(published, mart):
    everything = {item.key for item in findings(*published()) if item.says_something}
    for change in (f"drop table marts.{mart};", f"delete from marts.{mart};"):
        left = findings(*published(change))
        assert len([item for item in left if item.says_something]) < len(everything)
        assert [item for item in left if item.section == "cannot"]
        assert len([item for item in left if item.says_something]) >= len(everything) - 7


def test_an_unfinished_month_is_not_read(published):
    assert "December" not in by_key(published())["managers"].sentence


def test_sentences_to_repeat_are_headlines_that_say_something(published):
    said = you_can_say(findings(*published()))
    assert [item.key for item in said] == ["churn", "how_to", "agents_all", "competency", "managers"]


def test_people_below_ten_are_never_counted_out_loud(published):
    with (
        Marts(*published("delete from restricted.activity_learner_weeks where person_key not in ('p0', 'p1', 'p2');")) as marts,
        pytest.raises(NotThere),
    ):
        from learning_warehouse.sentences.activity import learning_beyond_mandatory

        learning_beyond_mandatory(marts)


@pytest.mark.parametrize(
    ("rendering", "value", "text"),
    [("percent", 0.0004, "under 0.1 %"), ("percent", 0.004, "0.4 %"), ("percent", 0.996, "99.6 %"),
     ("percent", 0.9999, "99.9 %"), ("percent", 0, "0 %"), ("percent", 1, "100 %"),
     ("signed_percent", -0.001, "0 %"), ("signed_percent", 0.31, "+31 %"), ("hours", -1.14, "1.1 h"), ("count", 1758, "1,758")],
)  # fmt: skip
def test_rounding_never_makes_a_false_zero_or_a_false_whole(rendering, value, text):
    assert RENDERINGS[rendering](value) == text
