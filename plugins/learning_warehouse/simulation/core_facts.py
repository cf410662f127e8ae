"""The core tables as plain Python says they must be: the oracle of the dbt project and the input of the known-truth worlds.

`core_facts` reads a ledger at one moment and gives every core table as rows; `write_core_facts` writes many companies into
one Parquet file per table, so that one dbt build estimates all of them. Only what the sources can tell is used; the rules
are in core_view, core_people, core_customers, core_account_months and core_signals.
"""

import csv
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from learning_warehouse.settings import Company
from learning_warehouse.simulation.core_account_months import AccountMonths
from learning_warehouse.simulation.core_customers import CustomerFacts
from learning_warehouse.simulation.core_people import PeopleFacts
from learning_warehouse.simulation.core_signals import SignalFacts
from learning_warehouse.simulation.core_tables import TABLES
from learning_warehouse.simulation.core_view import CoreView, Row, naive
from learning_warehouse.simulation.ledger import Ledger

WORLDS_SECRET = b"known-truth worlds hold no real people"
_NULL = "\\N"


def core_facts(
    ledger: Ledger, as_of: datetime, secret: bytes, company: Company, company_id: str | None = None
) -> dict[str, list[Row]]:
    """Rows of every core table by table name; times are naive UTC, person keys as typing makes them with `secret`."""
    view = CoreView(ledger, as_of, secret, company, company_id)
    people, customers = PeopleFacts(view), CustomerFacts(view)
    return {
        "dim_company": [_company(view)],
        "dim_company_pilots": _pilots(view),
        "dim_dates": _dates(view),
        "dim_people": people.dim_people(),
        "dim_person_roles": people.dim_person_roles(),
        "dim_worker_history": people.dim_worker_history(),
        "dim_worker_spells": people.dim_worker_spells(),
        "dim_accounts": customers.dim_accounts(),
        "dim_account_owner_history": customers.owners,
        "dim_courses": customers.courses,
        "bridge_identity": people.bridge_identity(),
        "fct_enrollments": customers.enrollments,
        "fct_assessment_attempts": customers.fct_assessment_attempts(),
        "fct_tickets": customers.tickets,
        "fct_opportunities": customers.fct_opportunities(),
        "fct_contracts": customers.contracts,
        "fct_checkins": people.fct_checkins(),
        "fct_coaching_events": people.fct_coaching_events(),
        "fct_pilot_units": people.fct_pilot_units(),
        "fct_pilot_members": people.fct_pilot_members(),
        "fct_account_months": AccountMonths(view, customers).rows(),
        **SignalFacts(view, people, customers).tables(),
    }


def write_core_facts(
    ledgers: Sequence[Ledger], as_of: datetime, folder: Path, company: Company | None = None, secret: bytes = WORLDS_SECRET
) -> list[str]:
    """Write `<folder>/<table>.parquet` with company_id world-01, world-02, ... in order of the ledgers; returns those ids.

    `company` is company.yml of the settings unless given. dim_dates is written once, as it knows no company.
    """
    import duckdb

    from learning_warehouse.settings import company as company_of_settings

    rules = company or company_of_settings()
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    worlds = [f"world-{number:02d}" for number in range(1, len(ledgers) + 1)]
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        for table, columns in TABLES.items():
            connection.execute(f"create table {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
        for world, ledger in zip(worlds, ledgers, strict=True):
            for table, rows in core_facts(ledger, as_of, secret, rules, world).items():
                if rows and not (table == "dim_dates" and world != worlds[0]):
                    _insert(connection, folder / f".{table}.csv", table, rows)
        for table in TABLES:
            connection.execute(f"copy {table} to '{folder / table}.parquet' (format parquet)")
    return worlds


def _insert(connection: Any, file: Path, table: str, rows: list[Row]) -> None:
    columns = TABLES[table]
    with file.open("w", newline="", encoding="utf-8") as text:
        csv.writer(text).writerows([_NULL if row[name] is None else row[name] for name in columns] for row in rows)
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    connection.execute(
        f"insert into {table} select * from read_csv($file, header = false, columns = {{{types}}}, nullstr = $null)",
        {"file": str(file), "null": _NULL},
    )
    file.unlink()


def _company(view: CoreView) -> Row:
    company, rules = view.company, view.company.rules
    return {
        "company_id": view.company_id,
        "company_name": view.ledger.company_name,
        "as_of_at": naive(view.as_of),
        "observed_from_at": datetime.combine(company.company.data_from, datetime.min.time()),
        "currency": company.company.currency,
        "time_zone": company.company.time_zone,
        "fiscal_year_start_month": company.company.fiscal_year_start_month,
        "definition_version": company.definition_version,
        "churn_horizon_days": rules.churn.horizon_days,
        "exposure_lead_days": rules.churn.exposure_lead_days,
        "trained_minimum_contacts": rules.trained.minimum_contacts,
        "trained_minimum_share": rules.trained.minimum_share,
        "competent_minimum_score": rules.competent.minimum_score,
        "competent_horizon_days": rules.competent.horizon_days,
        "is_simulated": company.is_simulated,
        **company.parameters.model_dump(),
    }


def _pilots(view: CoreView) -> list[Row]:
    return [
        {
            "company_id": view.company_id,
            "pilot_id": pilot_id,
            "pilot_name": pilot.name,
            "outcome": pilot.outcome,
            "horizon_days": days,
            "is_primary": days == pilot.primary_horizon_days,
            "minimum_effect": pilot.minimum_effect,
        }
        for pilot_id, pilot in dict(view.company.pilots).items()
        for days in pilot.horizons_days
    ]


def _dates(view: CoreView) -> list[Row]:
    first = date(view.company.company.data_from.year - 10, 1, 1)
    last = date(view.as_of.year + 2, 1, 1)
    start_month = view.company.company.fiscal_year_start_month
    rows = []
    for number in range((last - first).days):
        day = first + timedelta(days=number)
        rows.append(
            {
                "date_day": day,
                "week_start": day - timedelta(days=day.weekday()),
                "month_start": day.replace(day=1),
                "quarter_start": day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1),
                "fiscal_year": day.year + (1 if start_month > 1 and day.month >= start_month else 0),
                "is_weekend": day.weekday() >= 5,
            }
        )
    return rows
