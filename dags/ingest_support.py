"""# Support: tickets, customers' agents and ratings

**What lands.** Zendesk tickets with their metric sets, users, organizations and satisfaction ratings: what changed since
the last admitted load, each stream by itself.

**When and why then.** 01:00 UTC, when help desks in Europe and America are quiet and Zendesk's own nightly exports have
not begun. A missed night needs no repair: the next one starts where the last admitted load ended.

**Late means** that no green run ended by 05:00. The warehouse is then built without it, and pages show the age of the
last good load.

**When red**, the last task says which stream was held back or failed, and why; all other streams are already in service.
What to do: `docs/runbook.md`, section *ingest_support*.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag

from learning_warehouse.tasks import ingest

DOMAIN = "support"
EVERY_NIGHT = CronTriggerTimetable("0 1 * * *", timezone="UTC", interval=timedelta(days=1), run_immediately=timedelta(0))


@dag(
    dag_id=f"ingest_{DOMAIN}",
    schedule=EVERY_NIGHT,
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data-platform"},
    tags=["ingest", DOMAIN, "impact:tickets"],
    doc_md=__doc__,
)
def ingest_support() -> None:
    night = ingest(DOMAIN)
    night.land >> night.audit >> night.admit >> night.verdict


ingest_support()
