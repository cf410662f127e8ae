"""Build every layer and publish, then hold the core tables against the ledger; prints one JSON object.

Arguments: now, and `models` or `everything`. With `models` dbt makes tables and leaves out its data tests, and the marts are
published without their audit and without the project's documentation: both cost more than the tables, and see the same
rules every night. `differing` names the core tables that do not hold exactly the rows of the ledger's facts.
"""

import json
import sys
import time
from collections import Counter
from datetime import datetime
from typing import Any

import duckdb

from learning_warehouse import estimates, generations, steps, transform
from learning_warehouse.settings import company, settings
from learning_warehouse.simulation.company import simulate
from learning_warehouse.simulation.core_facts import core_facts


def main() -> None:
    started, known = time.monotonic(), settings()
    generation = (everything if sys.argv[2] == "everything" else models_only)()
    ledger = simulate(known.seed, known.employees, known.accounts)
    expected = core_facts(ledger, datetime.fromisoformat(sys.argv[1]), known.person_key(), company())
    differing, rows_equal = {}, 0
    with duckdb.connect(str(transform.warehouse_file()), read_only=True) as connection:
        for table, facts in expected.items():
            built = _rows(connection, table)
            told = Counter(tuple(_plain(row[name]) for name in built[0]) for row in facts)
            wrong = sum(((built[1] - told) | (told - built[1])).values())
            rows_equal += sum((built[1] & told).values())
            if wrong:
                differing[table] = f"{wrong} of {len(facts)}: {list(built[1] - told)[:1]} is {list(told - built[1])[:1]}"
    print(
        json.dumps(
            {
                "generation": generation.number,
                "tables": len(expected),
                "rows_equal": rows_equal,
                "differing": differing,
                "seconds": round(time.monotonic() - started),
            }
        )
    )


def everything() -> Any:
    """As a night does it."""
    steps.build_layers(None, lambda said: None)
    return steps.publish_generation()


def models_only() -> Any:
    """The same tables and pages without what checks them."""
    with steps.alone("soak") as (run_id, now):
        transform.prepare(now)
        for leftover in settings().home.glob("working/warehouse.duckdb*"):
            leftover.unlink()
        for layer in steps.LAYERS:
            if layer == "estimate":
                estimates.as_layer()
            else:
                only = ["--resource-type", "model", "--resource-type", "seed", "--target-path", str(transform.artifacts(layer))]
                transform._invoke(["build", "--selector", layer, *only])
        return generations.publish(generations.begin(now, run_id), docs=False)


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[list[str], "Counter[tuple[Any, ...]]"]:
    place = "select table_schema from information_schema.tables where table_name = ? and table_schema in ('core', 'restricted')"
    schema = connection.execute(place, [table]).fetchone()[0]
    found = connection.execute(f"select * from {schema}.{table}")
    names = [column[0] for column in found.description]
    return names, Counter(tuple(map(_plain, row)) for row in found.fetchall())


def _plain(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, float) else value


main()
