"""# Warehouse: from admitted loads to a published generation

**What happens.** dbt builds everything from the admitted loads into a fresh file, one task per layer: staging,
intermediate, core, studies. The registered studies are estimated, the marts are built and checked, and one flip publishes
marts, exports and pages together. Readers see the generation before or the one after, never a mix.

**When and why then.** As soon as all five sources are fresh, and at 05:00 UTC in any case, so that people who come to
work find a page that says what is missing. At 05:00 the run is skipped when nothing was admitted since the last generation.

**Late means** that no generation of this night is served by 06:00. The one before stays served and its pages show its age.

**When red**, the last task says which layer, test or check failed. What was served stays served, under pages that say
why. What to do: `docs/runbook.md`, section *build_warehouse*.
"""

from datetime import timedelta

from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, dag

from learning_warehouse.tasks import warehouse

FIVE_O_CLOCK = CronTriggerTimetable("0 5 * * *", timezone="UTC", interval=timedelta(days=1), run_immediately=timedelta(0))
ALL_SOURCES = (
    Asset("learning_warehouse.lms")
    & Asset("learning_warehouse.hris")
    & Asset("learning_warehouse.support")
    & Asset("learning_warehouse.crm")
    & Asset("learning_warehouse.signals")
)


@dag(
    dag_id="build_warehouse",
    schedule=AssetOrTimeSchedule(timetable=FIVE_O_CLOCK, assets=ALL_SOURCES),
    catchup=False,
    max_active_runs=1,
    default_args={"owner": "data-platform"},
    tags=["build", "impact:all"],
    doc_md=__doc__,
)
def build_warehouse() -> None:
    night = warehouse()
    night.staging >> night.intermediate >> night.core >> night.studies >> night.estimate
    night.estimate >> night.marts >> night.mart_audit >> night.publish


build_warehouse()
