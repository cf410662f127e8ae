"""# HRIS: who works here, where, and for whom

**What lands.** BambooHR employees (the full list, active and not), the log of changed employees, and the tables job
information and employment status, from which the history of jobs, managers and exits is rebuilt.

**When and why then.** 01:00 UTC, after HR's working day in Europe; changes dated in the future are kept and wait. A missed
night needs no repair: the list is always whole, and the change log starts where the last admitted load ended.

**Late means** that no green run ended by 05:00. The warehouse is then built without it, and pages show the age of the
last good load.

**When red**, the last task says which stream was held back or failed, and why; all other streams are already in service.
What to do: `docs/runbook.md`, section *ingest_hris*.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag

from learning_warehouse.tasks import ingest

DOMAIN = "hris"
EVERY_NIGHT = CronTriggerTimetable("0 1 * * *", timezone="UTC", interval=timedelta(days=1), run_immediately=timedelta(0))


@dag(
    dag_id=f"ingest_{DOMAIN}",
    schedule=EVERY_NIGHT,
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data-platform"},
    tags=["ingest", DOMAIN, "impact:people"],
    doc_md=__doc__,
)
def ingest_hris() -> None:
    night = ingest(DOMAIN)
    night.land >> night.audit >> night.admit >> night.verdict


ingest_hris()
