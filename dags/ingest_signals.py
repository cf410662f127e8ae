"""# Signals: what no vendor holds

**What lands.** Files that people or tools drop: coaching, practice, surveys, programs, costs and more, one documented
contract per folder (docs/drops.md), as CSV, JSON lines or Parquet. A folder without files costs next to nothing. A line
that does not fit is set aside with file, line and reason; the other lines land.

**When and why then.** 01:00 UTC, after the day on which people dropped them. A file that comes later is read the next
night. No file at all is a normal night: the domain then counts as fresh, and the warehouse does not wait for it.

**Late means** that no green run ended by 05:00. The warehouse is then built without it, and pages show the age of the
last good load.

**When red**, the last task says which stream was held back or failed, and why; all other streams are already in service.
What to do: `docs/runbook.md`, section *ingest_signals*.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag

from learning_warehouse.tasks import ingest

DOMAIN = "signals"
EVERY_NIGHT = CronTriggerTimetable("0 1 * * *", timezone="UTC", interval=timedelta(days=1), run_immediately=timedelta(0))


@dag(
    dag_id=f"ingest_{DOMAIN}",
    schedule=EVERY_NIGHT,
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data-platform"},
    tags=["ingest", DOMAIN, "impact:application"],
    doc_md=__doc__,
)
def ingest_signals() -> None:
    night = ingest(DOMAIN)
    night.land >> night.audit >> night.admit >> night.verdict


ingest_signals()
