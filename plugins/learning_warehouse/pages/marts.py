"""The list of marts for the marts page: grain, rows, columns with their descriptions, and a query to begin with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from learning_warehouse.warehouse.duckdb import reading

COLUMNS = """
    select column_name as name, data_type as type, coalesce(comment, '') as text
    from duckdb_columns() where schema_name = ? and table_name = ? order by column_index
"""
COMMENT = "select coalesce(comment, '') from duckdb_tables() where schema_name = ? and table_name = ?"
HOW = 'duckdb -readonly served/warehouse.duckdb "from impact_customer_education"\nlw sql "from impact_customer_education"'
EXAMPLES: Mapping[str, str] = {
    "impact_customer_education": """select outcome, definition, method, estimate, ci_low, ci_high, naive_estimate, tier
from impact_customer_education
order by not is_headline, outcome""",
    "impact_account_months": """select month_start, is_trained_any,
    sum(tickets_how_to) / sum(paid_seats * exposure_months) as how_to_per_seat
from impact_account_months
group by all
order by all""",
    "application_checkin_months": """select month_start, manager_asked,
    manager_asked_low, manager_asked_high, manager_asked_denominator
from application_checkin_months
where department = 'All departments' and manager_asked_state = 'reads'
order by month_start""",
    "activity_learner_weeks": """-- in served/restricted.duckdb, for people who may see person rows
select week_start, count(*) filter (is_active) as active_people
from activity_learner_weeks
group by all
order by all""",
}


def mart_list(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Everything marts.html shows, read from the published files themselves."""
    found: list[dict[str, Any]] = []
    for file in sorted({str(mart["file"]) for mart in manifest["marts"]}):
        with reading(folder / file) as connection:
            found.extend(_mart(connection, mart) for mart in manifest["marts"] if mart["file"] == file)
    found.sort(key=lambda mart: str(mart["name"]))
    people = sum(mart["schema"] == "restricted" for mart in found)
    together = f"{len(found)} marts, published together as generation {manifest['marts_from']}."
    apart = " Marts with a row per person are apart, in served/restricted.duckdb, and are never exported." if people else ""
    return {"summary": together + apart if found else "No marts have been published yet.", "how": HOW, "list": found}


def _mart(connection: duckdb.DuckDBPyConnection, mart: Mapping[str, Any]) -> dict[str, Any]:
    place = ["main" if mart["schema"] == "restricted" else mart["schema"], mart["name"]]
    columns = connection.execute(COLUMNS, place).fetchall()
    comment = connection.execute(COMMENT, place).fetchone()
    name, schema = str(mart["name"]), str(mart["schema"])
    return {
        "name": name,
        "schema": schema,
        "rows": mart["rows"],
        "grain": mart["grain"],
        "columns": [{"name": column, "type": kind.lower(), "text": text} for column, kind, text in columns],
        "description": str(comment[0] if comment else ""),
        "example": EXAMPLES.get(name, f"from {name} limit 10"),
    }
