"""What dbt reads besides admitted loads: the words of company.yml and the state of the loads, as small Parquet tables.

They lie under working/company/ and working/loads/ of the storage root and are written before each build, each as a whole.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import duckdb

from learning_warehouse.settings import company, settings
from learning_warehouse.warehouse.duckdb import literal

SETTINGS_COLUMNS = {
    "company_id": "varchar", "company_name": "varchar", "as_of_at": "timestamp", "observed_from_at": "timestamp",
    "currency": "varchar", "time_zone": "varchar", "fiscal_year_start_month": "bigint", "definition_version": "bigint",
    "churn_horizon_days": "bigint", "exposure_lead_days": "bigint", "trained_minimum_contacts": "bigint",
    "trained_minimum_share": "double", "competent_minimum_score": "double", "competent_horizon_days": "bigint",
    "is_simulated": "boolean", "category_tag_prefix": "varchar",
}  # fmt: skip
PARAMETER_COLUMNS = {
    "micro_minutes": "bigint",
    "long_course_minutes": "bigint",
    "learning_capacity_minutes_per_week": "double",
    "habit_weeks": "bigint",
    "habit_window_weeks": "bigint",
    "coaching_threshold": "bigint",
    "practice_threshold": "bigint",
    "checkbox_completion": "double",
    "checkbox_application": "double",
    "equivalence_margin": "double",
    "mentoring_target": "bigint",
}
PILOT_COLUMNS = {
    "company_id": "varchar", "pilot_id": "varchar", "pilot_name": "varchar", "outcome": "varchar",
    "horizon_days": "bigint", "is_primary": "boolean", "minimum_effect": "double",
}  # fmt: skip
LOAD_COLUMNS = {
    "source": "varchar", "stream": "varchar", "seq": "bigint", "run_id": "varchar", "now": "timestamp", "verdict": "varchar",
    "severity": "varchar", "records": "bigint", "typed": "bigint", "set_aside": "bigint", "vendor_total": "bigint",
    "checks_total": "bigint", "checks_passed": "bigint", "newest_event_at": "timestamp",
}  # fmt: skip
FAILURE_COLUMNS = {
    "source": "varchar",
    "stream": "varchar",
    "run_id": "varchar",
    "reason": "varchar",
    "error_class": "varchar",
    "now": "timestamp",
}


def write_company(now: datetime) -> None:
    """Write company.yml as seven small Parquet tables under working/company/; `now` becomes as_of_at."""
    words = company()
    rules = words.rules
    identity = words.company
    settings_row = [
        identity.id, identity.name, _naive(now), _naive(identity.data_from), identity.currency, identity.time_zone,
        identity.fiscal_year_start_month, words.definition_version, rules.churn.horizon_days, rules.churn.exposure_lead_days,
        rules.trained.minimum_contacts, rules.trained.minimum_share, rules.competent.minimum_score, rules.competent.horizon_days,
        words.is_simulated, rules.how_to.category_tag_prefix,
        *(getattr(words.parameters, name) for name in PARAMETER_COLUMNS),
    ]  # fmt: skip
    tags = [(tag, kind) for kind, kind_tags in dict(rules.how_to.ticket_tags).items() for tag in kind_tags]
    courses: list[tuple[str, str, str | None]] = [
        *((prefix, "trained", None) for prefix in rules.trained.course_code_prefixes),
        *((prefix, "certificate", None) for prefix in rules.trained.certificate_course_prefixes),
        *((prefix, "mandatory", None) for prefix in rules.mandatory.course_code_prefixes),
        *((prefix, "agent_training", category) for prefix, category in dict(words.agent_training).items()),
        *((prefix, "owner_training", None) for prefix in words.owner_training.course_code_prefixes),
        *((prefix, "role", title) for title, prefix in dict(rules.competent.role_course_prefixes).items()),
    ]
    tests = [
        *(("email_domain", domain) for domain in words.test_accounts.email_domains),
        *(("account_name_prefix", prefix) for prefix in words.test_accounts.account_name_prefixes),
    ]
    pilots = [
        (identity.id, pilot_id, pilot.name, pilot.outcome, days, days == pilot.primary_horizon_days, pilot.minimum_effect)
        for pilot_id, pilot in dict(words.pilots).items()
        for days in pilot.horizons_days
    ]
    folder = settings().home / "working" / "company"
    _write(folder / "settings.parquet", SETTINGS_COLUMNS | PARAMETER_COLUMNS, [settings_row])
    _write(folder / "ticket_tags.parquet", {"tag": "varchar", "ticket_kind": "varchar"}, tags)
    _write(folder / "course_rules.parquet", {"prefix": "varchar", "rule": "varchar", "value": "varchar"}, courses)
    _write(folder / "test_rules.parquet", {"rule": "varchar", "value": "varchar"}, tests)
    _write(folder / "public_domains.parquet", {"domain": "varchar"}, [(domain,) for domain in words.public_email_domains])
    _write(
        folder / "leader_titles.parquet", {"job_title": "varchar"}, [(title,) for title in dict.fromkeys(rules.leader.job_titles)]
    )
    _write(folder / "pilots.parquet", PILOT_COLUMNS, pilots)


def write_loads() -> None:
    """Write one row per stream of a vendor, per judged load and per failed attempt as Parquet under working/loads/.

    Loads and failures name their tenant; the streams are those of the vendors.
    """
    from learning_warehouse import loads
    from learning_warehouse.sources import every_stream
    from learning_warehouse.storage import storage
    from learning_warehouse.streams import vendor_of

    stored = storage()
    folder = settings().home / "working" / "loads"
    known = sorted({(vendor_of(stream.source), stream.name) for stream in every_stream()})
    _write(folder / "streams.parquet", {"source": "varchar", "stream": "varchar"}, known)
    judged = [load for load in loads.all(stored) if load.verdict is not None]
    _write(
        folder / "loads.parquet",
        LOAD_COLUMNS,
        [[_cell(getattr(load, name), kind) for name, kind in LOAD_COLUMNS.items()] for load in judged],
    )
    failed = [
        [_cell(getattr(failure, name), kind) for name, kind in FAILURE_COLUMNS.items()] for failure in loads.all_failures(stored)
    ]
    _write(folder / "failures.parquet", FAILURE_COLUMNS, failed)


def _cell(value: Any, kind: str) -> Any:
    return _naive(datetime.fromisoformat(value)) if kind == "timestamp" and value else value


def _naive(moment: Any) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return datetime.combine(moment, time.min)


def _write(path: Path, columns: dict[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """Write rows with explicit types through a temporary file, so that a reader never meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with duckdb.connect() as connection:
        connection.execute(f"create table t ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        if rows:
            connection.executemany(f"insert into t values ({', '.join('?' for _ in columns)})", [list(row) for row in rows])
        connection.execute(f"copy t to {literal(str(temporary))} (format parquet)")
    os.replace(temporary, path)
