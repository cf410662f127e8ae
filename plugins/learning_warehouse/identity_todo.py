"""Records of people that no rule could tie to a person: which decisions would help most, and how a decision is written down.

A decision is a line of the drop stream identity_overrides: it counts from the next night on, outranks every rule, and is
taken back by deciding again. Candidates are found by keyed hashes of mailboxes, mail domains, hire dates and job titles;
no name and no address is read or shown, because the warehouse holds none.
"""

import csv
import io
import os
import uuid
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from learning_warehouse.errors import ConfigurationError, StopEverything
from learning_warehouse.person_references import people
from learning_warehouse.settings import settings

STREAM = "drops.identity_overrides"
CONTACTS = ("salesforce.contacts", "hubspot.contacts")
IN_COMMON = ("mailbox", "hire date", "job title", "mail domain")
SHOWN, ALIKE = 3, 5

OPEN_RECORDS = """
with public_domains as (select domain from staging.stg_company__public_domains),

unsettled as (
    select
        bridge.source, bridge.population, bridge.source_identity_id, bridge.identity_key, bridge.rule, records.email_key,
        case when records.email_domain not in (select domain from public_domains) then records.email_domain end as email_domain,
        learners.hired_at::date as hired_date, learners.job_title
    from restricted.bridge_identity as bridge
    join intermediate.int_people__identities_collected as records using (source, source_identity_id)
    left join staging.stg_absorb__users as learners
        on bridge.source = 'absorb.users' and bridge.source_identity_id = learners.learner_id
    where bridge.rule in ('ambiguous', 'unmatched') and not records.has_test_domain
),

logins as (select distinct person_key from restricted.bridge_identity where population = 'learner' and is_matched),

events as (
    select person_key, count(enrolled_at) + count(started_at) + count(completed_at) as events
    from restricted.fct_enrollments group by person_key
),

people as (
    select
        canonical.source, canonical.source_identity_id, records.email_key, records.email_domain,
        workers.hired_date, workers.job_title, logins.person_key is not null as has_login
    from intermediate.int_people__canonical_identities as canonical
    join intermediate.int_people__identities_collected as records using (source, source_identity_id)
    left join intermediate.int_people__employees_united as workers
        on canonical.population = 'employee' and canonical.vendor = workers.source
        and canonical.source_identity_id = workers.employee_id
    left join logins on canonical.person_key = logins.person_key
    where not canonical.was_merged
),

alike as (
    select
        unsettled.source, unsettled.population, unsettled.source_identity_id,
        people.source as person_source, people.source_identity_id as person_id,
        coalesce(unsettled.email_key = people.email_key, false) as mailbox,
        coalesce(unsettled.email_domain = people.email_domain, false) and not mailbox as mail_domain,
        coalesce(unsettled.hired_date = people.hired_date, false) as hire_date,
        coalesce(unsettled.job_title = people.job_title, false) as job_title,
        people.has_login
    from unsettled cross join people
    where unsettled.email_key = people.email_key or unsettled.email_domain = people.email_domain
        or (unsettled.hired_date = people.hired_date and unsettled.job_title = people.job_title)
),

found as (
    select
        *, 8 * mailbox::int + 4 * hire_date::int + 2 * job_title::int + mail_domain::int as closeness,
        max(closeness) over (partition by source, source_identity_id) as closest
    from alike where mailbox or population <> 'learner' or not has_login
),

best as (
    select
        source, source_identity_id, count(*) as alike,
        list({source: person_source, id: person_id, mailbox: mailbox, hire_date: hire_date, job_title: job_title,
            mail_domain: mail_domain} order by person_source, person_id) as candidates
    from found where closeness = closest group by source, source_identity_id
)

select
    unsettled.source, unsettled.source_identity_id, unsettled.rule, coalesce(events.events, 0) as events,
    coalesce(best.alike, 0) as alike, best.candidates
from unsettled
left join events on unsettled.population = 'learner' and unsettled.identity_key = events.person_key
left join best using (source, source_identity_id)
order by events desc, unsettled.source, unsettled.source_identity_id
"""
SUMMARY = """
select
    (select count(*) from restricted.bridge_identity where population = 'learner'),
    (select count(*) from restricted.bridge_identity where population = 'learner' and is_matched),
    (select coalesce(sum((enrolled_at is not null)::int + (started_at is not null)::int + (completed_at is not null)::int), 0)
     from restricted.fct_enrollments)
"""
UNUSED = """
select source, source_identity_id, judgment from intermediate.int_people__overrides_judged
where judgment not in ('person', 'nobody') order by all
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person an open record may belong to, as SOURCE:ID, and what both have in common."""

    person: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenDecision:
    """A record no rule could settle. `alike` people fit it equally well; they are named only while they are few."""

    source: str
    source_identity_id: str
    rule: str
    learning_events: int
    alike: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Todo:
    """The gap of the last build: open decisions, those with most learning events first, and decisions that cannot be used."""

    learners: int
    matched: int
    learning_events: int
    decisions: tuple[OpenDecision, ...]
    unused: tuple[tuple[str, str, str], ...]


def todo() -> Todo:
    """What is open after the last build. Raises StopEverything before the first one and while one is running."""
    with closing(_last_build()) as connection:
        learners, matched, events = connection.execute(SUMMARY).fetchone()
        decisions = tuple(
            OpenDecision(source, record, rule, count, alike, _candidates(found or [], alike))
            for source, record, rule, count, alike, found in connection.execute(OPEN_RECORDS).fetchall()
        )
        return Todo(learners, matched, int(events), decisions, tuple(connection.execute(UNUSED).fetchall()))


def decide(source: str, source_identity_id: str, person: str | None, by: str, reason: str | None = None) -> Path:
    """Write one decision into the drop folder and give the file's path; `person` is SOURCE:ID, or None for nobody we know.

    Raises ConfigurationError when record or person are not in the last build, or when the record is a person by itself.
    """
    if not by.strip():
        raise ConfigurationError("A decision needs the name of who decided.", what_to_do="add --by NAME")
    person_source, colon, person_id = (person or "").partition(":")
    if person is not None and not (colon and person_source in _lists_of_people()):
        raise ConfigurationError(
            f"{person!r} is no person.", what_to_do=f"write SOURCE:ID with SOURCE one of {', '.join(_lists_of_people())}"
        )
    with closing(_last_build()) as connection:
        _must_be_known(connection, source, source_identity_id)
        if person is not None and not _is_in(connection, "int_people__canonical_identities", person_source, person_id):
            raise ConfigurationError(f"The last build knows no person {person}.", what_to_do="run: lw identity todo")
    written = datetime.now(UTC)
    return _drop(
        {
            "override_id": f"{written:%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}",
            "source": source,
            "source_identity_id": source_identity_id,
            "person_source": person_source,
            "person_source_id": person_id,
            "decided_by": " ".join(by.split()),
            "decided_at": _decided_at(written).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "reason": " ".join((reason or "").split()),
        }
    )


def _candidates(found: list[dict[str, Any]], alike: int) -> tuple[Candidate, ...]:
    if alike > ALIKE:
        return ()
    return tuple(
        Candidate(f"{person['source']}:{person['id']}", tuple(word for word in IN_COMMON if person[word.replace(" ", "_")]))
        for person in found[:SHOWN]
    )


def _lists_of_people() -> tuple[str, ...]:
    """The lists whose records are people by themselves: HR workers and CRM contacts."""
    return (*people("hris"), *CONTACTS)


def _must_be_known(connection: Any, source: str, source_identity_id: str) -> None:
    if not _is_in(connection, "int_people__identities_collected", source, source_identity_id):
        raise ConfigurationError(
            f"The last build knows no record {source} {source_identity_id}.", what_to_do="run: lw identity todo"
        )
    if source in _lists_of_people():
        raise ConfigurationError(
            f"{source} {source_identity_id} is a person by itself, and two people are never made one here.",
            what_to_do="merge the two where they are kept, in the HR system or the CRM",
        )


def _is_in(connection: Any, table: str, source: str, source_identity_id: str) -> bool:
    query = f"select count(*) from intermediate.{table} where source = ? and source_identity_id = ?"
    return bool(connection.execute(query, [source, source_identity_id]).fetchone()[0])


def _last_build() -> Any:
    import duckdb

    from learning_warehouse.transform import warehouse_file

    path = warehouse_file()
    if not path.exists():
        raise StopEverything("nothing was built yet", what_to_do="run: make run")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.IOException as error:
        raise StopEverything("the warehouse is being built right now", what_to_do="try again when the night is over") from error
    there = "select count(*) from duckdb_tables() where table_name in ('bridge_identity', 'int_people__overrides_judged')"
    if connection.execute(there).fetchall() != [(2,)]:
        connection.close()
        raise StopEverything("the last build did not come as far as people", what_to_do="run: lw build")
    return connection


def _decided_at(written: datetime) -> datetime:
    """The moment of a decision on the clock the nights run on: while that is simulated, the last second before the next night."""
    from learning_warehouse.simulated import next_night, sets_the_clock

    return next_night(settings().home) - timedelta(seconds=1) if sets_the_clock() else written


def _drop(row: dict[str, str]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(row), lineterminator="\n")
    writer.writeheader()
    writer.writerow(row)
    folder = settings().drop_folder / STREAM.partition(".")[2]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target, draft = folder / f"{row['override_id']}.csv", folder / f".{row['override_id']}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text.getvalue())
        file.flush()
        os.fsync(file.fileno())
    os.rename(draft, target)
    return target
