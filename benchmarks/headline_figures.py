"""Every headline figure as published, beside what plain Python counts on the ledger of the same simulated company.

Run after a night: .venv/bin/python benchmarks/headline_figures.py [--output FILE]

For each figure the page names its mart, its registry entry and the dbt unit tests that stand on the mart or on the private steps
it reads. Ends with code 1 when one figure differs.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import duckdb
import typer

from learning_warehouse.generations import served
from learning_warehouse.registry import metrics
from learning_warehouse.settings import company, settings
from learning_warehouse.simulation.company import simulate
from learning_warehouse.simulation.headline import headline_values, places
from learning_warehouse.transform import marts_artifacts

LEAST_SHOWN = 15
TESTS_HEAD = ("", "## The unit tests", "", "On the mart or on the private steps it reads; each names one business rule.", "")


def main(output: Annotated[Path, typer.Option()] = Path("docs/results/headline-figures.md")) -> None:
    """Compare, and write the result page."""
    generation = served()
    if generation is None:
        sys.exit("Nothing is published yet. Run: make run")
    if not generation.manifest["gate"]["passed"]:
        sys.exit("The newest night published the marts of an earlier one. Run: make run")
    known = settings()
    ledger = simulate(known.seed, known.employees, known.accounts)
    counted, found = headline_values(ledger, generation.now, company()), places(ledger, generation.now, company())
    entries = {(metric.mart, metric.column): metric for metric in metrics()}
    tests = _unit_tests()
    rows, differing, shown = [], [], 0
    with duckdb.connect(str(generation.warehouse), read_only=True) as connection:
        for name, place in found.items():
            metric = entries.get((place.mart, place.column)) or entries[place.mart, "estimate"]
            columns = f"{place.columns}, {metric.state_column or f'{place.column}_state'}"
            query = f"select {columns} from {place.mart} where {place.condition}"
            (published,) = connection.execute(query).fetchall()
            expected = counted[name]
            is_shown = published[0] is not None
            is_equal = is_shown and (
                abs(published[0] - expected.value) <= 1e-9 * max(abs(expected.value or 0.0), 1e-12)
                and published[1:3] == (round(expected.n), round(expected.denominator))
            )
            shown += is_shown
            if is_shown and not is_equal:
                differing.append(name)
            cells = [
                f"`{metric.id}` ({metric.label}{'' if name == metric.id else ', ' + name})",
                f"`{place.mart}`",
                f"{_number(published[0])} ({published[1]} of {published[2]})",
                published[3],
                f"{_number(expected.value)} ({round(expected.n)} of {round(expected.denominator)})",
                "yes" if is_equal else "NO" if is_shown else "held back",
                str(len(tests.get(place.mart, []))),
            ]
            rows.append(f"| {' | '.join(cells)} |")
    marts = sorted({place.mart for place in found.values()})
    names = [f"- `{mart}`: {', '.join(sorted(tests.get(mart, []))).replace('_', ' ')}" for mart in marts]
    agreed = f"{shown - len(differing)} of the {shown} that are shown (of {len(found)})"
    output.write_text("\n".join([*_head(generation.now, agreed), *rows, *TESTS_HEAD, *names, ""]))
    typer.echo(f"{agreed} headline figures equal the ledger; {output}")
    if shown < LEAST_SHOWN:
        sys.exit(f"Only {shown} are shown: too small a company proves nothing.")
    if differing:
        sys.exit(f"differing: {', '.join(differing)}")


def _head(now: datetime, agreed: str) -> list[str]:
    known = settings()
    return [
        "# Headline figures beside the ledger",
        "",
        f"Measured on {datetime.now(UTC):%Y-%m-%d} by `benchmarks/headline_figures.py`: night of {now:%Y-%m-%d},",
        f"{known.employees:,} employees and {known.accounts:,} accounts, seed {known.seed}. *Ledger* is counted in plain Python",
        f"on the facts of the simulation, without SQL. {agreed} agree.",
        "",
        "| registry entry | mart | published | state | ledger | equal | unit tests |",
        "|---|---|---|---|---|---|---|",
    ]


def _unit_tests() -> dict[str, list[str]]:
    """Mart -> unit tests on it or on the private steps that it reads."""
    manifest = json.loads((marts_artifacts() / "manifest.json").read_text())
    own: dict[str, list[str]] = {}
    for test in manifest["unit_tests"].values():
        own.setdefault(test["model"], []).append(test["name"])
    models = {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
    return {name: _tests_below(name, models, own) for name in models if not name.startswith("int_")}


def _tests_below(name: str, models: dict[str, Any], own: dict[str, list[str]]) -> list[str]:
    waiting, seen = [name], set()
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.add(model)
        parents = [parent.rpartition(".")[2] for parent in models[model]["depends_on"]["nodes"]]
        waiting += [parent for parent in parents if parent in models and "/steps/" in models[parent]["original_file_path"]]
    return [test for model in seen for test in own.get(model, [])]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


if __name__ == "__main__":
    typer.run(main)
