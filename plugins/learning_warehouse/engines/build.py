"""Builds the whole project on another engine and leaves a copy of what it built in working/engines/<engine>.duckdb."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from json import dumps, loads
from pathlib import Path
from time import monotonic

from learning_warehouse import estimates, transform
from learning_warehouse.engines import open_engine
from learning_warehouse.engines.base import Engine, EngineProcess, RawTable
from learning_warehouse.engines.project import raw_tables
from learning_warehouse.settings import settings
from learning_warehouse.steps import LAYERS
from learning_warehouse.transform import LayerResult


@dataclass(frozen=True)
class EngineBuild:
    """One build: its night, its layers, seconds per step (start, load, each layer, copy), its processes, the server's version."""

    engine: str
    night: str
    version: str
    layers: tuple[LayerResult, ...]
    seconds: dict[str, float]
    processes: tuple[EngineProcess, ...]


def mirror_file(engine: str) -> Path:
    """The DuckDB file that holds the tables an engine built last; for duckdb the warehouse file itself."""
    return transform.warehouse_file() if engine == "duckdb" else settings().home / "working" / "engines" / f"{engine}.duckdb"


def build_on(engine: str, now: datetime, say: Callable[[str], object]) -> EngineBuild:
    """Build everything as of `now`. Raises LayerFailed naming model and test; the copy of an earlier build then is gone."""
    return _build_on_duckdb(now, say) if engine == "duckdb" else _build_on_server(engine, now, say)


def _build_on_duckdb(now: datetime, say: Callable[[str], object]) -> EngineBuild:
    import duckdb

    layers, seconds = [], {}
    transform.prepare(now)
    for layer in LAYERS:
        layers.append(estimates.as_layer(keep_looks=False) if layer == "estimate" else transform.build_layer(layer))
        seconds[layer] = layers[-1].seconds
        _tell(say, layers[-1])
    return _record(EngineBuild("duckdb", f"{now:%Y-%m-%d}", f"DuckDB {duckdb.__version__}", tuple(layers), seconds, ()))


def _build_on_server(name: str, now: datetime, say: Callable[[str], object]) -> EngineBuild:
    mirror_file(name).unlink(missing_ok=True)
    seconds, layers, started = {}, [], monotonic()
    with open_engine(name) as engine:
        version = engine.version()
        seconds["start"] = monotonic() - started
        say(f"  started {version}: {len(engine.processes())} processes, {seconds['start']:.1f} s")
        transform.prepare(now)
        tables, started = raw_tables(transform.parsed_project(engine)), monotonic()
        engine.empty()
        engine.load(tables)
        seconds["load"] = monotonic() - started
        say(f"  loaded  {len(tables)} raw tables, {seconds['load']:.1f} s")
        for layer in LAYERS:
            layers.append(_estimated(engine, tables) if layer == "estimate" else transform.build_layer(layer, engine))
            seconds[layer] = layers[-1].seconds
            _tell(say, layers[-1])
        processes, started = tuple(engine.processes()), monotonic()
        engine.mirror(mirror_file(name))
        seconds["copy"] = monotonic() - started
    return _record(EngineBuild(name, f"{now:%Y-%m-%d}", version, tuple(layers), seconds, processes))


def _estimated(engine: Engine, tables: Sequence[RawTable]) -> LayerResult:
    """The estimate task reads the studies from a copy, and what it publishes goes back to the engine as a raw table."""
    started = monotonic()
    engine.mirror(mirror_file(engine.name))
    result = estimates.as_layer(mirror_file(engine.name), keep_looks=False)
    engine.load([table for table in tables if table.schema == "estimates"])
    return replace(result, seconds=monotonic() - started)


def _tell(say: Callable[[str], object], result: LayerResult) -> None:
    say(f"  built   {result.layer}: {result.models} models, {result.tests_passed} tests, {result.seconds:.1f} s")


def last_build(engine: str) -> EngineBuild | None:
    """What the last build on this engine told, or None when there is none."""
    path = settings().home / "working" / "engines" / f"{engine}.json"
    if not path.exists():
        return None
    told = loads(path.read_text())
    layers = tuple(LayerResult(**{**layer, "errors": ()}) for layer in told["layers"])
    return EngineBuild(**{**told, "layers": layers, "processes": tuple(EngineProcess(**item) for item in told["processes"])})


def _record(build: EngineBuild) -> EngineBuild:
    """Keep what a build told beside its copy, so that a comparison can report builds of an earlier call."""
    path = settings().home / "working" / "engines" / f"{build.engine}.json"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(dumps(asdict(build), indent=1))
    return build
