"""A standalone Spark cluster from the wheel of pyspark: one master, two workers, one thrift server, each its own Java process.

It lives in the environment .venv-engines (`make engines`), as pyspark is 478 MB. The wheel has no start-master.sh, but all
classes are in its jars. Everything is bound to 127.0.0.1. The catalog is in memory: a build starts from nothing, and a
Derby metastore costs a minute. What stands in the warehouse folder is plain Parquet.
"""

import json
import shutil
import urllib.request
from pathlib import Path

from learning_warehouse.engines.base import EngineProcess
from learning_warehouse.engines.child_processes import ChildProcesses, free_port, is_listening
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.settings import settings

START_SECONDS = 240.0
WORKERS = 2
CONFIGURATION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "10000",
    "spark.sql.autoBroadcastJoinThreshold": "64m",
    "spark.sql.ansi.enabled": "true",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.executor.cores": "1",
    "spark.executor.memory": "1g",
    "spark.driver.memory": "1500m",
}


def environment_folder() -> Path:
    """The folder of the environment that holds pyspark and dbt-spark. Raises ConfigurationError saying what to run."""
    folder = settings().repository / ".venv-engines"
    if not spark_home(folder) or not (folder / "bin" / "dbt").exists():
        raise ConfigurationError(
            "Spark is not installed here: there is no complete .venv-engines.", what_to_do="run: make engines"
        )
    if not shutil.which("java"):
        raise ConfigurationError(
            "Spark needs Java 17 or newer, and there is no java here.",
            what_to_do="install a JRE, e.g. Debian's default-jre-headless",
        )
    return folder


def spark_home(folder: Path) -> Path | None:
    """Where pyspark stands in that environment, if it does."""
    return next(iter(folder.glob("lib/python3*/site-packages/pyspark")), None)


class SparkCluster:
    """One cluster; `port` is the thrift server's once it runs, `folder` holds its warehouse, `log` what it prints."""

    def __init__(self) -> None:
        self.port = 0
        self.folder = settings().home / "working" / "spark"
        self._processes = ChildProcesses("spark", settings().home / "logs" / "spark.log")

    @property
    def warehouse(self) -> Path:
        """The folder with one folder per schema and table, each with Parquet files."""
        return self.folder / "warehouse"

    def start(self) -> None:
        """Start master, workers and thrift server in an empty folder; returns when the thrift server takes connections."""
        home = spark_home(environment_folder())
        self._processes.end_leftovers()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700, parents=True)
        master_port, page_port, self.port = free_port(), free_port(), free_port()
        master = f"spark://127.0.0.1:{master_port}"
        values = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(self.folder / "scratch")}
        by_class, submit = f"{home}/bin/spark-class", f"{home}/bin/spark-submit"
        self._processes.start(
            "master",
            [
                by_class,
                "org.apache.spark.deploy.master.Master",
                "--host",
                "127.0.0.1",
                "--port",
                str(master_port),
                "--webui-port",
                str(page_port),
            ],
            self.folder,
            **values,
            SPARK_DAEMON_MEMORY="512m",
        )
        self._processes.wait_until(lambda: is_listening(master_port) and is_listening(page_port), START_SECONDS, "Spark's master")
        for number in range(1, WORKERS + 1):
            folder = self.folder / f"worker-{number}"
            command = [by_class, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g"]
            command += ["--webui-port", str(free_port()), "--work-dir", str(folder), master]
            self._processes.start(f"worker {number}", command, self.folder, **values, SPARK_DAEMON_MEMORY="512m")
        self._processes.wait_until(lambda: _workers(page_port) == WORKERS, START_SECONDS, "Spark's workers")
        options = [part for name, value in CONFIGURATION.items() for part in ("--conf", f"{name}={value}")]
        command = [submit, "--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2", "--master", master, *options]
        command += ["--conf", f"spark.sql.warehouse.dir={self.warehouse}", "spark-internal"]
        command += [
            "--hiveconf",
            f"hive.server2.thrift.port={self.port}",
            "--hiveconf",
            "hive.server2.thrift.bind.host=127.0.0.1",
        ]
        self._processes.start("thrift server (driver)", command, self.folder, **values)
        self._processes.wait_until(lambda: is_listening(self.port), START_SECONDS, "Spark's thrift server")

    def stop(self) -> None:
        """End all of them, the thrift server first."""
        self._processes.stop()

    def processes(self) -> list[EngineProcess]:
        """Master, workers, thrift server and the executors that the workers started."""
        return self._processes.listed()


def _workers(port: int) -> int:
    """How many workers the master counts as alive."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/", timeout=5) as answer:
            return int(json.load(answer)["aliveworkers"])
    except OSError:
        return 0
