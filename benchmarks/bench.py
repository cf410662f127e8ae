"""`make bench`: what extracting, landing and typing costs here and elsewhere, measured against one local server in one run.

Subjects: a bare requests loop (ask, gunzip, parse; nothing kept), this project, dlt, singer-sdk and airbyte-cdk, each peer in
an environment of its own with exact versions (benchmarks/requirements-*.lock). Every measurement is a process of its own;
rounds go through all subjects in turn and medians are told. Then replay from raw, and streams side by side at 100 ms latency.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from bench_report import Figures, page
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

HERE = Path(__file__).parent
SYSTEMS = ("zendesk", "hubspot")
STREAMS_AT_ONCE = (1, 2, 4, 8)
LATENCY_MS, LATENT_CONTACTS = 100, 10_000
PEERS = {"dlt": "dlt", "singer": "singer-sdk", "airbyte": "airbyte-cdk"}
LONGEST_SECONDS = 900


@dataclass(frozen=True)
class Subject:
    """One program to measure: its script, its last argument, the environment it runs in, and whether it needs another first."""

    name: str
    script: str
    manner: str
    environment: str = ""
    after: str = ""


SUBJECTS = (
    Subject("bare loop, response.json()", "bare_loop.py", "json"),
    Subject("bare loop, msgspec", "bare_loop.py", "msgspec"),
    Subject("this project", "ours.py", "all"),
    Subject("this project: land", "ours.py", "land"),
    Subject("this project: type", "ours.py", "type", after="land"),
    Subject("this project: replay from raw", "ours.py", "replay", after="land"),
    Subject("airbyte-cdk, declarative", "with_airbyte.py", "manifest", "airbyte"),
    Subject("singer-sdk, tap", "with_singer.py", "tap", "singer"),
    Subject("dlt, tuned", "with_dlt.py", "tuned", "dlt"),
    Subject("dlt, default", "with_dlt.py", "default", "dlt"),
)


@dataclass
class Bench:
    """One run: where things lie and what was measured so far."""

    folder: Path
    results: dict[tuple[str, str], list[dict[str, float]]] = field(default_factory=dict)

    def python(self, environment: str) -> Path:
        """The interpreter of a peer's environment, or our own."""
        return self.folder / "environments" / environment / "bin" / "python" if environment else Path(sys.executable)

    def prepare(self, environment: str) -> None:
        """Installs a peer from its lock file, unless that was done with the same file before."""
        lock = HERE / f"requirements-{environment}.lock"
        place, done = self.python(environment).parents[1], self.python(environment).parents[1] / "installed.lock"
        if done.exists() and done.read_bytes() == lock.read_bytes():
            return
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, place], check=True)
        install = [
            uv,
            "pip",
            "install",
            "--quiet",
            "--compile-bytecode",
            "--require-hashes",
            "--python",
            place / "bin" / "python",
        ]
        subprocess.run([*install, "-r", lock], check=True)
        shutil.copyfile(lock, done)

    def start(self, subject: Subject, system: str, port: int, place: Path) -> "Started":
        """Starts one subject in the folder `place`."""
        place.mkdir(parents=True, exist_ok=True)
        told = place / "told.json"
        told.unlink(missing_ok=True)
        command = [self.python(subject.environment), HERE / "subjects" / subject.script]
        arguments = [f"http://127.0.0.1:{port}", system, place, subject.manner]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LW_", "AIRFLOW", "PYTHON"))}
        with (place / "errors.log").open("w") as errors, (place / "messages.jsonl").open("w") as messages:
            environment = {**kept, "BENCH_TOLD": str(told)}
            process = subprocess.Popen([*command, *arguments], stdout=messages, stderr=errors, env=environment)
        return Started(process, told, place / "errors.log")

    def measure(self, subject: Subject, system: str, port: int, expected: int) -> None:
        """One measurement in an empty folder, or in that of the subject it needs. Ends the run when records are missing."""
        place = self.folder / "work" / system / (subject.after or subject.manner)
        if not subject.after:
            shutil.rmtree(place, ignore_errors=True)
        elif subject.manner == "replay":
            _forget_replays(place)
        told = self.start(subject, system, port, place).wait()
        if told["records"] != expected:
            sys.exit(f"{subject.name} read {told['records']:.0f} of {expected} records of {system}.")
        self.results.setdefault((system, subject.name), []).append(told)

    def side_by_side(self, streams: int, port: int) -> float:
        """Wall seconds until so many processes of this project have each landed and typed one stream."""
        subject = next(one for one in SUBJECTS if one.manner == "all")
        places = [self.folder / "work" / "latency" / str(number) for number in range(streams)]
        for place in places:
            shutil.rmtree(place, ignore_errors=True)
        began = time.monotonic()
        for started in [self.start(subject, "hubspot", port, place) for place in places]:
            started.wait()
        return time.monotonic() - began

    def medians(self) -> dict[tuple[str, str], dict[str, float]]:
        """The median of each figure over the rounds."""
        return {key: {name: median(one[name] for one in told) for name in told[0]} for key, told in self.results.items()}


@dataclass(frozen=True)
class Started:
    """A subject that runs."""

    process: subprocess.Popen[bytes]
    told: Path
    errors: Path

    def wait(self) -> dict[str, float]:
        """Its figures. Ends the run with the subject's last words when it failed."""
        if self.process.wait(LONGEST_SECONDS) or not self.told.exists():
            words = (self.told.with_name("messages.jsonl").read_text() + self.errors.read_text())[-2000:]
            sys.exit(f"{' '.join(map(str, self.process.args))}\nended with {self.process.returncode}: {words}")  # type: ignore[arg-type]
        figures: dict[str, float] = json.loads(self.told.read_text())
        return figures


def _forget_replays(place: Path) -> None:
    for zone in ("typed", "quarantine"):
        for folder in (place / zone).glob("*/*/v=2"):
            shutil.rmtree(folder)


@contextmanager
def _server(tickets: int, contacts: int, latency_ms: int = 0) -> Iterator[dict[str, Any]]:
    """The server in a process of its own; gives its port and the sizes of its pages."""
    command = [sys.executable, HERE / "bench_server.py", "--tickets", tickets, "--contacts", contacts, "--latency-ms", latency_ms]
    with subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdout and process.stdin:
            with process.stdin:
                yield json.loads(process.stdout.readline())


def main(
    tickets: Annotated[int, typer.Option(help="Zendesk-like tickets, about 2 kB each, 1,000 a page.")] = 20_000,
    contacts: Annotated[int, typer.Option(help="HubSpot-like contacts, about 0.4 kB each, 200 a page.")] = 50_000,
    rounds: Annotated[int, typer.Option(help="How often each subject is measured; medians are told.")] = 3,
    folder: Annotated[Path, typer.Option(help="Environments of the peers and whatever the subjects write.")] = Path("var/bench"),
    output: Annotated[Path, typer.Option(help="The result page.")] = Path("docs/benchmarks.md"),
) -> None:
    """Measure extract, land and type beside a bare loop, dlt, singer-sdk and airbyte-cdk; writes docs/benchmarks.md."""
    bench, load, began = Bench(folder.absolute()), os.getloadavg()[0], time.monotonic()
    columns = (TextColumn("{task.description:<44}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        steps = len(PEERS) + rounds * len(SUBJECTS) * len(SYSTEMS) + len(STREAMS_AT_ONCE)
        task = progress.add_task("", total=steps)
        for name, package in PEERS.items():
            progress.update(task, description=f"environment of {package}")
            bench.prepare(name)
            progress.advance(task)
        progress.update(task, description="pages")
        with _server(tickets, contacts) as served:
            for _ in range(rounds):
                for system in SYSTEMS:
                    for subject in SUBJECTS:
                        progress.update(task, description=f"{system}: {subject.name}")
                        bench.measure(subject, system, served["port"], served["sizes"][system]["records"])
                        progress.advance(task)
        streams = {}
        with _server(1, LATENT_CONTACTS, LATENCY_MS) as slow:
            for number in STREAMS_AT_ONCE:
                progress.update(task, description=f"{LATENCY_MS} ms latency, {number} streams")
                streams[number] = bench.side_by_side(number, slow["port"])
                progress.advance(task)
    versions = {package: _version(bench.python(name), package) for name, package in PEERS.items()}
    figures = Figures(
        bench.medians(),
        served["sizes"],
        streams,
        slow["sizes"]["hubspot"],
        LATENCY_MS,
        versions,
        rounds,
        load,
        time.monotonic() - began,
    )
    output.write_text("\n".join(page(figures)) + "\n")
    (bench.folder / "results.json").write_text(json.dumps([[*key, told] for key, told in bench.results.items()], indent=1))
    typer.echo(output.read_text())


def _version(python: Path, package: str) -> str:
    code = f"from importlib.metadata import version; print(version({package!r}), end='')"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    typer.run(main)
