"""An Airflow home of its own for this process, set before anything imports airflow."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

from learning_warehouse import airflow_home
from learning_warehouse.settings import Settings

if "airflow.settings" not in sys.modules:
    folder = Path(tempfile.mkdtemp(prefix="lw-dag-policies-"))
    wanted = airflow_home.environment(Settings(home=folder), port=8080)
    airflow_home.prepare_folders(folder)
    os.environ.update({name: value for name, value in wanted.items() if name.startswith("AIRFLOW")})


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def dag_bag(repository: Path):
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(dag_folder=str(repository / "dags"))
