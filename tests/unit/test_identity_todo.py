"""Deciding by hand: what is open is told by weight and without names, and a decision becomes a line the drop folder accepts."""

from datetime import UTC, datetime

import duckdb
import pytest
from typer.testing import CliRunner

from learning_warehouse import identity_todo
from learning_warehouse.cli import app
from learning_warehouse.errors import ConfigurationError, StopEverything
from learning_warehouse.settings import settings
from learning_warehouse.transform import warehouse_file

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
TABLES = """
create schema staging; create schema intermediate; create schema restricted;
create table staging.stg_company__public_domains as select 'free.example' as domain;
create table intermediate.int_people__identities_collected as
select col0 as source, split_part(col0, '.', 1) as vendor, case col0 when 'bamboohr.employees' then 'employee'
    when 'salesforce.contacts' then 'crm_contact' when 'absorb.users' then 'learner' else 'support_user' end as population,
    col1 as source_identity_id, col2 as email_key, col3 as email_domain, col4 as has_test_domain
from (values
    ('bamboohr.employees', '7', 'mail_7', 'work.example', false), ('bamboohr.employees', '8', 'mail_8', 'work.example', false),
    ('bamboohr.employees', '9', 'mail_9', 'work.example', false),
    ('salesforce.contacts', '003A', 'shared', 'acme.example', false),
    ('salesforce.contacts', '003B', 'shared', 'acme.example', false),
    ('salesforce.contacts', '003C', 'mail_c', 'free.example', false),
    ('absorb.users', 'settled', 'mail_9', 'work.example', false), ('absorb.users', 'alias', 'other', 'work.example', false),
    ('absorb.users', 'box', 'shared', 'acme.example', false), ('absorb.users', 'free', 'mine', 'free.example', false),
    ('absorb.users', 'tester', 'try', 'test.example', true), ('absorb.users', 'crowd', 'stray', 'big.example', false),
    ('zendesk.users', '4', 'mail_4', 'nowhere.example', false));
insert into intermediate.int_people__identities_collected
select 'salesforce.contacts', 'salesforce', 'crm_contact', '004' || n, 'big_' || n, 'big.example', false from range(12) as t(n);
create table intermediate.int_people__canonical_identities as
select source, vendor, population, source_identity_id, source_identity_id as person_key, false as was_merged
from intermediate.int_people__identities_collected where population in ('employee', 'crm_contact');
create table intermediate.int_people__employees_united as
select 'bamboohr' as source, col0 as employee_id, col1::date as hired_date, col2 as job_title
from (values ('7', '2024-01-08', 'Agent'), ('8', '2024-01-08', 'Engineer'), ('9', '2024-01-08', 'Agent'));
create table staging.stg_absorb__users as
select 'alias' as learner_id, timestamp '2024-01-08 00:00:00' as hired_at, 'Agent' as job_title;
create table restricted.bridge_identity as
select source, population, source_identity_id, 'key ' || source_identity_id as identity_key,
    case when source_identity_id = 'settled' then '9' else 'key ' || source_identity_id end as person_key,
    case source_identity_id when 'settled' then 'email' when 'box' then 'ambiguous' else 'unmatched' end as rule,
    source_identity_id = 'settled' as is_matched
from intermediate.int_people__identities_collected where source in ('absorb.users', 'zendesk.users');
create table restricted.fct_enrollments as
select col0 as person_key, timestamp '2026-01-01' as enrolled_at,
    col1::timestamp as started_at, col2::timestamp as completed_at
from (values ('key box', '2026-01-02', '2026-01-03'), ('key box', null, null),
    ('key alias', '2026-01-02', null), ('9', null, null));
create table intermediate.int_people__overrides_judged as
select 'absorb.users' as source, 'crowd' as source_identity_id, 'unknown_person' as judgment
union all select 'absorb.users', 'settled', 'person';
"""


@pytest.fixture
def built(home):
    """A warehouse file as a build leaves it, with six open records; one of them is only a test."""
    warehouse_file().parent.mkdir(parents=True)
    with duckdb.connect(str(warehouse_file())) as connection:
        connection.execute(TABLES)
    return home


def by_record():
    return {decision.source_identity_id: decision for decision in identity_todo.todo().decisions}


def test_what_most_learning_events_hang_on_comes_first_and_test_logins_are_left_out(built):
    found = [(decision.source_identity_id, decision.learning_events) for decision in identity_todo.todo().decisions]
    assert found == [("box", 4), ("alias", 2), ("crowd", 0), ("free", 0), ("4", 0)]


def test_the_gap_is_counted_over_all_logins_and_events(built):
    gap = identity_todo.todo()
    assert (gap.learners, gap.matched, gap.learning_events) == (6, 1, 7)


def test_a_shared_mailbox_names_everybody_who_has_it(built):
    box = by_record()["box"]
    assert box.rule == "ambiguous"
    assert [(who.person, who.because) for who in box.candidates] == [
        ("salesforce.contacts:003A", ("mailbox",)),
        ("salesforce.contacts:003B", ("mailbox",)),
    ]


def test_a_worker_with_the_same_start_and_job_who_has_no_login_yet_is_the_candidate(built):
    assert [(who.person, who.because) for who in by_record()["alias"].candidates] == [
        ("bamboohr.employees:7", ("hire date", "job title", "mail domain"))
    ]


def test_a_public_mail_domain_says_nothing(built):
    assert (by_record()["free"].alike, by_record()["free"].candidates) == (0, ())


def test_many_who_fit_equally_well_are_counted_and_not_named(built):
    assert (by_record()["crowd"].alike, by_record()["crowd"].candidates) == (12, ())


def test_decisions_that_cannot_be_used_are_reported(built):
    assert identity_todo.todo().unused == (("absorb.users", "crowd", "unknown_person"),)
    printed = CliRunner().invoke(app, ["identity", "todo"]).output
    assert "UNUSED    the decision about absorb.users crowd: it names a person we do not know" in printed
    assert "12 people fit equally well" in printed


def test_nothing_of_a_mailbox_is_printed(built):
    printed = CliRunner().invoke(app, ["identity", "todo"]).output
    assert "absorb.users alias" in printed
    assert not [word for word in ("@", "mail_", "shared", ".example", "key ") if word in printed]


def test_a_decision_is_a_line_the_drop_folder_accepts(built):
    from learning_warehouse.landing import land_and_type
    from learning_warehouse.storage import storage
    from learning_warehouse.streams import RunContext

    path = identity_todo.decide("absorb.users", "alias", "bamboohr.employees:7", "Kim Doe", "asked\nthe team lead")
    assert path.parent == settings().drop_folder / "identity_overrides"
    identity_todo.decide("absorb.users", "free", None, "Kim Doe")
    receipt = land_and_type("drops.identity_overrides", RunContext(run_id="r", now=NIGHT))
    assert (receipt.typed, receipt.set_aside) == (2, 0)
    typed = duckdb.execute(
        "select source_identity_id, person_source, person_source_id, decided_by, decided_at, reason "
        f"from '{storage().path(receipt.parquet_key)}' order by all"
    ).fetchall()
    before = datetime(2026, 12, 1, 0, 59, 59)
    assert typed == [
        ("alias", "bamboohr.employees", "7", "Kim Doe", before, "asked the team lead"),
        ("free", None, None, "Kim Doe", before, None),
    ]


def test_of_two_decisions_in_one_second_the_later_has_the_later_id(built):
    first = identity_todo.decide("absorb.users", "free", None, "Kim Doe")
    second = identity_todo.decide("absorb.users", "free", "bamboohr.employees:8", "Kim Doe")
    assert first.name < second.name
    assert sorted(path.name for path in first.parent.iterdir()) == [first.name, second.name]


@pytest.mark.parametrize(
    ("record", "person", "by", "sentence"),
    [
        (("absorb.users", "stranger"), None, "Kim", "knows no record absorb.users stranger"),
        (("absorb.users", "free"), "bamboohr.employees:99", "Kim", "knows no person bamboohr.employees:99"),
        (("absorb.users", "free"), "absorb.users:alias", "Kim", "is no person"),
        (("absorb.users", "free"), "bamboohr.employees", "Kim", "is no person"),
        (("salesforce.contacts", "003A"), "bamboohr.employees:7", "Kim", "two people are never made one"),
        (("absorb.users", "free"), None, " ", "who decided"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_a_sentence_and_writes_nothing(built, record, person, by, sentence):
    with pytest.raises(ConfigurationError, match=sentence):
        identity_todo.decide(*record, person, by)
    assert not (settings().drop_folder / "identity_overrides").exists()


@pytest.mark.parametrize("words", [[], ["--nobody", "--person", "bamboohr.employees:7"]])
def test_either_a_person_or_nobody_must_be_said(built, words):
    answer = CliRunner().invoke(app, ["identity", "decide", "absorb.users", "free", "--by", "Kim", *words])
    assert answer.exit_code == 2
    assert "--person SOURCE:ID or --nobody" in answer.output


def test_before_the_first_build_there_is_nothing_to_decide(home):
    with pytest.raises(StopEverything, match="nothing was built yet"):
        identity_todo.todo()


def test_with_a_connected_source_a_decision_has_the_time_of_the_clock(built, tmp_path, monkeypatch):
    from learning_warehouse.settings import REPOSITORY, reset_settings

    text = (REPOSITORY / "company.yml").read_text().replace("absorb: simulated", "absorb: connected")
    (tmp_path / "company.yml").write_text(text)
    monkeypatch.setenv("LW_COMPANY_FILE", str(tmp_path / "company.yml"))
    reset_settings()
    started = datetime.now(UTC).replace(microsecond=0)
    path = identity_todo.decide("absorb.users", "free", None, "Kim")
    told = path.read_text().splitlines()[1]
    assert started <= datetime.fromisoformat(told.split(",")[6]) <= datetime.now(UTC)
