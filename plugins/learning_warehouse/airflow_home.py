"""The home of the embedded Airflow: everything below `<home>/airflow`, so that two clones never meet.

Airflow reads its configuration when it is first imported, so `use()` comes before any import of airflow; this module
therefore imports none of it. Keys are made once and kept in `<home>/secrets` (mode 0600): a new key would make stored
connections unreadable. The grown-up deployment (docker-compose.yml) sets the same options itself and never calls this.
"""

import base64
import json
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.settings import Settings

ADMIN = "admin"


def environment(settings: Settings, *, port: int, log_level: str = "WARNING", secret_keys: bool = True) -> dict[str, str]:
    """Variables for a process of the embedded Airflow (absolute paths, loopback only, no telemetry, no example DAGs)."""
    home = settings.home.resolve()
    airflow, logs = home / "airflow", home / "logs" / "airflow"
    url = f"http://127.0.0.1:{port}"
    values = {
        "AIRFLOW_HOME": str(airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(settings.repository / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(settings.repository / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(_passwords_file(home)),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{airflow / 'airflow.db'}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": log_level,
        "AIRFLOW__LOGGING__NAMESPACE_LEVELS": "learning_warehouse=INFO",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(logs),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(logs / "dag_processor"),
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "GX_ANALYTICS_ENABLED": "false",
        "LW_HOME": str(home),
        "LW_COMPANY_FILE": str(settings.company_file),
        "LW_DROP_FOLDER": str(settings.drop_folder),
        "LW_EXPORT_FOLDER": str(settings.export_folder),
        "LW_SEED": str(settings.seed),
        "LW_EMPLOYEES": str(settings.employees),
        "LW_ACCOUNTS": str(settings.accounts),
    }
    if secret_keys:
        kept = _keys(home)
        values["AIRFLOW__CORE__FERNET_KEY"] = kept["fernet_key"]
        values["AIRFLOW__API_AUTH__JWT_SECRET"] = kept["jwt_secret"]
        values["AIRFLOW__API__SECRET_KEY"] = kept["secret_key"]
    return values


def use(settings: Settings, *, log_level: str = "WARNING") -> None:
    """Point this process at the embedded home. Raises LearningWarehouseError when airflow was imported for another home."""
    values = environment(settings, port=settings.airflow_port, log_level=log_level)
    if "airflow.settings" in sys.modules and os.environ.get("AIRFLOW_HOME") != values["AIRFLOW_HOME"]:
        raise LearningWarehouseError(
            f"this process already uses Airflow at {os.environ.get('AIRFLOW_HOME')}", what_to_do="use one process for each home"
        )
    prepare_folders(settings.home)
    os.environ.update(values)


def prepare_folders(home: Path) -> None:
    """Create the folders with mode 0700; Airflow itself would leave its database and passwords readable by everyone."""
    for folder in (home, home / "airflow", home / "secrets", home / "run", home / "logs", home / "logs" / "airflow"):
        folder.mkdir(parents=True, exist_ok=True)
    for folder in (home / "airflow", home / "secrets", home / "run", home / "logs"):
        folder.chmod(0o700)


def close_database(home: Path) -> None:
    """Give the metadata database mode 0600."""
    for name in ("airflow.db", "airflow.db-wal", "airflow.db-shm", "airflow.cfg"):
        if (home / "airflow" / name).exists():
            (home / "airflow" / name).chmod(0o600)


def login(home: Path) -> tuple[str, str]:
    """User name and password of the UI; the password is made at the first call and kept in a file of mode 0600."""
    path = _passwords_file(home.resolve())
    kept = _keep(path, lambda: {ADMIN: secrets.token_urlsafe(12)})
    return ADMIN, kept[ADMIN]


def _passwords_file(home: Path) -> Path:
    return home / "secrets" / "airflow_passwords.json"


def _keys(home: Path) -> dict[str, str]:
    return _keep(
        home / "secrets" / "airflow_keys.json",
        lambda: {
            "fernet_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "jwt_secret": secrets.token_hex(64),
            "secret_key": secrets.token_hex(32),
        },
    )


def _keep(path: Path, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Read a small JSON file, made once: two processes that start together agree on the first one's."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(make(), file)
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    kept: dict[str, str] = json.loads(path.read_text())
    return kept
