"""The page of every figure: what it says, out of what, why it may mislead, which decision it is for, and whether it reads."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from learning_warehouse.registry import LAYERS, metrics
from learning_warehouse.warehouse.duckdb import reading

QUESTIONS: Mapping[str, str] = {
    "activity": "Is it used?",
    "application": "Is it applied?",
    "impact": "Did it matter?",
    "governance": "Can we trust it?",
}
STATES: Mapping[str, str] = {
    "reads": "reads",
    "nothing_recorded": "nothing recorded",
    "no_data_reaches_us": "no data reaches us",
    "too_few": "too few people",
    "not_due": "not due yet",
    "withheld": "withheld",
}
UNKNOWN: Mapping[str, Any] = {"state": "", "told": "", "rows_reading": 0, "rows": 0}
CATALOG = "select metric_id, state, rows_reading, rows_published from marts.governance_metric_catalog"
THERE = "select count(*) from duckdb_tables() where schema_name = 'marts' and table_name = 'governance_metric_catalog'"


def metric_list(folder: Path, published: Collection[str]) -> dict[str, Any]:
    """Everything metrics.html shows: the registry's words beside the state of each figure; only `published` marts are links."""
    states = _states(folder / "warehouse.duckdb")
    told = [{"entry": metric, **states.get(metric.id, UNKNOWN)} for metric in metrics()]
    groups = [
        {"layer": layer, "question": QUESTIONS[layer], "metrics": [item for item in told if item["entry"].layer == layer]}
        for layer in LAYERS
    ]
    reading_now = sum(item.get("state") == "reads" for item in told)
    without = sum(item.get("state") == "no_data_reaches_us" for item in told)
    return {"groups": groups, "count": len(told), "reading": reading_now, "without": without, "published": published}


def _states(file: Path) -> dict[str, dict[str, Any]]:
    if not file.exists():
        return {}
    with reading(file) as connection:
        there = connection.execute(THERE).fetchone()
        rows = connection.execute(CATALOG).fetchall() if there and there[0] else []
    return {
        str(metric_id): {"state": state, "told": STATES[state], "rows_reading": reads, "rows": rows_published}
        for metric_id, state, reads, rows_published in rows
    }
