"""# Operate: what an operator decides, from the place where the red task is

**What happens.** One operation of the command line, in the same words: ask a vendor again for a past interval (`backfill`), type
old loads differently (`replay`), look for hard deletes (`sweep`), have everything sent again (`reset`), let a rejected load in
(`release`), take an admitted one out (`reject`), make room (`janitor`). The log of the task is what the command prints.

**When and why then.** Only when somebody triggers it: *Trigger*, fill in the form. It takes the lock of the home, so it waits
for no night and fails at once while one runs; the next night, or a run of *build_warehouse*, shows what it changed.

**Late means** nothing here. To erase a person is not among the operations: it is done in a shell (`lw erase`), because the form
of a run is kept by Airflow.

**When red**, the last line of the log says what to do. What to do: `docs/runbook.md`, section *operate*.
"""

from airflow.sdk import Param, dag

from learning_warehouse.tasks import operation

OPERATIONS = ["backfill", "replay", "sweep", "reset", "release", "reject", "janitor"]
FORM = {
    "operation": Param("backfill", enum=OPERATIONS, description="What to do; each is a command of `lw`."),
    "source": Param("", type="string", description="A vendor, or one of its streams, e.g. zendesk.tickets; none for janitor."),
    "from": Param(None, type=["null", "string"], format="date", description="backfill: first day, UTC"),
    "to": Param(None, type=["null", "string"], format="date", description="backfill: the day after the last one, UTC"),
    "load": Param(None, type=["null", "integer"], minimum=1, description="release, reject: number of the load; else the newest"),
    "by": Param("", type="string", description="reset, release, reject: who decided"),
    "why": Param("", type="string", description="reset, release, reject: why; it stands on the pages, so no names"),
}


@dag(
    dag_id="operate",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    params=FORM,
    default_args={"owner": "data-platform"},
    tags=["operate", "impact:none"],
    doc_md=__doc__,
)
def operate() -> None:
    operation()


operate()
