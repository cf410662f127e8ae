"""A home with one admitted night of a small company: read over HTTP, typed, and admitted without suites, to save their time."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
COMPANY_OF = {
    "LW_SEED": "1",
    "LW_EMPLOYEES": "120",
    "LW_ACCOUNTS": "80",
    "LW_PERSON_KEY_SECRET": "a fixed key, so that rows repeat",
}


@pytest.fixture(scope="session")
def admitted_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home after land, type and admit."""
    folder = tmp_path_factory.mktemp("engines") / "home"
    with pytest.MonkeyPatch.context() as patch:
        _set(patch, folder)
        _admit_everything()
    _forget()
    return folder


@pytest.fixture
def night_home(admitted_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """That home, in force for one test."""
    _set(monkeypatch, admitted_home)
    yield admitted_home
    _forget()


def _set(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setenv("LW_HOME", str(folder))
    for name, value in COMPANY_OF.items():
        patch.setenv(name, value)
    for name in ("LW_COMPANY_FILE", "LW_DROP_FOLDER", "LW_KILL_AT", "LW_RUN_ID", "LW_POSTGRES_HOST"):
        patch.delenv(name, raising=False)
    _forget()


def _forget() -> None:
    from learning_warehouse.settings import reset_settings

    reset_settings()


def _admit_everything() -> None:
    from learning_warehouse import admission, loads, simulated
    from learning_warehouse.landing import land_and_type
    from learning_warehouse.sandbox import process
    from learning_warehouse.settings import settings
    from learning_warehouse.sources import DOMAINS, every_stream, is_read
    from learning_warehouse.storage import storage
    from learning_warehouse.streams import RunContext

    settings().home.mkdir(parents=True)
    sandbox = process.start(settings(), NIGHT)
    try:
        simulated.write_drops(NIGHT)
        for stream in filter(lambda stream: is_read(stream.full_name), every_stream()):
            receipt = land_and_type(stream.full_name, RunContext(run_id="engines", now=NIGHT))
            told = loads.StoredVerdict(
                stream.source,
                stream.name,
                receipt.seq,
                "engines",
                NIGHT.isoformat(),
                "admitted",
                None,
                [],
                1,
                1,
                receipt.records,
                0,
            )
            storage().create_if_absent(loads.verdict_key(stream.source, stream.name, receipt.seq), msgspec.json.encode(told))
    finally:
        process.stop(sandbox)
    for domain in DOMAINS:
        admission.admit(domain, storage())
