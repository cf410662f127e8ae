"""A hundred simulated nights with seeded random faults, for all vendors, from land to admit; writes one result page.

Run: make soak, or .venv/bin/python tests/soak/run_soak.py --nights 10 --builds 1 --output /tmp/soak.md

Two companies have all vendors between them and go through their nights at the same time: the first has those of company.yml
and a warehouse, the second all the others.
"""

import multiprocessing
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated

import typer

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "sources")]

from soak_run import COMPANIES, Task, soak  # noqa: E402


def main(
    nights: Annotated[int, typer.Option(help="How many nights, from 1 December 2026 on.")] = 100,
    builds: Annotated[int, typer.Option(help="How often the warehouse is built and published on the way.")] = 12,
    compared: Annotated[int, typer.Option(help="How often every typed row is compared with a whole reading.")] = 4,
    seed: Annotated[int, typer.Option(help="The faults of each night are drawn from it.")] = 1,
    employees: Annotated[int, typer.Option()] = 120,
    accounts: Annotated[int, typer.Option()] = 80,
    output: Annotated[Path, typer.Option(help="The result page to write.")] = Path("docs/results/soak.md"),
) -> None:
    """Run the nights; ends with code 1 when a row differs from the ledger or a reader saw an error."""
    size = (1, employees, accounts)
    tasks = [
        Task(name, vendors, nights, builds if name == "first" else 0, compared, seed, size) for name, vendors in COMPANIES.items()
    ]
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, ProcessPoolExecutor(len(tasks), mp_context=spawn) as pool:
        told = dict(zip(COMPANIES, pool.map(soak, [Path(folder)] * len(tasks), tasks), strict=True))
    from soak_page import page

    output.write_text(page(tasks, told))
    problems = [f"{name}: {problem}" for name, checked in told.items() for problem in checked.problems()]
    typer.echo(f"{'failed' if problems else 'passed'}; {output}")
    for problem in problems:
        typer.echo(f"  {problem}")
    raise typer.Exit(bool(problems))


if __name__ == "__main__":
    typer.run(main)
