"""Spark: a standalone cluster of several processes that builds the same rows.

The whole build takes a quarter of an hour and half a GB of packages: `make engines` installs them and runs it.
"""

import pytest
from typer.testing import CliRunner

from learning_warehouse.cli import app
from learning_warehouse.engines import open_engine
from learning_warehouse.engines.build import last_build
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.settings import reset_settings


def test_without_its_environment_spark_says_what_to_run(home, monkeypatch, tmp_path):
    monkeypatch.setenv("LW_REPOSITORY", str(tmp_path))
    reset_settings()
    with pytest.raises(ConfigurationError, match="make engines"), open_engine("spark"):
        pass


@pytest.mark.slow
@pytest.mark.spark
def test_master_workers_and_executors_build_the_same_rows_as_duckdb(night_home):
    result = CliRunner().invoke(app, ["compare", "--engines", "duckdb,spark"])
    assert result.exit_code == 0, result.output
    build = last_build("spark")
    assert build is not None
    roles = [process.role for process in build.processes if process.program == "java"]
    assert {"master", "worker 1", "worker 2", "thrift server (driver)"} <= set(roles)
    assert sum(role.startswith("child of worker") for role in roles) == 2
