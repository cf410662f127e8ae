"""# LMS: who learned what

**What lands.** Absorb users, departments, courses, enrollments (asked course by course) and certificates: what was edited
since the last admitted load, each stream by itself.

**When and why then.** 01:00 UTC, after the evening learners in Europe and before Asia's morning. Absorb keeps one live
token per user, so its streams run one after the other (pool `lms`). A missed night needs no repair: the next window
starts where the last admitted load ended.

**Late means** that no green run ended by 05:00. The warehouse is then built without it, and pages show the age of the
last good load.

**When red**, the last task says which stream was held back or failed, and why; all other streams are already in service.
What to do: `docs/runbook.md`, section *ingest_lms*.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag

from learning_warehouse.tasks import ingest

DOMAIN = "lms"
EVERY_NIGHT = CronTriggerTimetable("0 1 * * *", timezone="UTC", interval=timedelta(days=1), run_immediately=timedelta(0))


@dag(
    dag_id=f"ingest_{DOMAIN}",
    schedule=EVERY_NIGHT,
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data-platform"},
    tags=["ingest", DOMAIN, "impact:learning"],
    doc_md=__doc__,
)
def ingest_lms() -> None:
    night = ingest(DOMAIN)
    night.land >> night.audit >> night.admit >> night.verdict


ingest_lms()
