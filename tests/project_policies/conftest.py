"""The dbt project as dbt itself reads it: parsed once per session, without a warehouse."""

import os
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2] / "dbt_project"


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """dbt's manifest as plain dictionaries, as target/manifest.json would hold it."""
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("dbt")
    before = dict(os.environ)
    os.environ.update(LW_WAREHOUSE_FILE=str(folder / "warehouse.duckdb"), LW_STORAGE_ROOT=str(folder))
    try:
        places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(folder / "target")]
        outcome = dbtRunner().invoke(["parse", *places, "--log-path", str(folder / "logs"), "--quiet", "--no-version-check"])
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert outcome.success, outcome.exception
    return outcome.result.to_dict(omit_none=False)


@pytest.fixture(scope="session")
def models(manifest: Any) -> dict[str, Any]:
    """Every model by name."""
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}
