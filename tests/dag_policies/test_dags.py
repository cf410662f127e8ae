"""House rules of the DAGs, each as a claim."""

import ast
import itertools
import subprocess
import sys
from datetime import timedelta

import pytest

INGEST = ["ingest_lms", "ingest_hris", "ingest_support", "ingest_crm", "ingest_signals"]
NIGHTLY = [*INGEST, "build_warehouse"]
ALL = [*NIGHTLY, "operate"]
HEAVY = ("great_expectations", "pandas", "dbt", "scipy", "matplotlib")


def test_the_dag_bag_holds_exactly_our_seven_dags_without_import_errors(dag_bag):
    assert dag_bag.import_errors == {}
    assert sorted(dag_bag.dags) == sorted(ALL)


@pytest.mark.parametrize("name", ALL)
def test_parsing_a_dag_imports_nothing_heavy(name, repository):
    path = str(repository / "dags" / f"{name}.py")
    code = f"import sys, runpy; runpy.run_path({path!r}); print([name for name in {HEAVY!r} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert answer.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", ALL)
def test_every_task_retries_three_times_by_error_class_and_has_a_time_limit(name, dag_bag):
    from learning_warehouse.tasks import ByErrorClass

    for task in dag_bag.dags[name].tasks:
        assert task.retries >= 3, task.task_id
        assert isinstance(task.retry_policy, ByErrorClass), task.task_id
        assert isinstance(task.execution_timeout, timedelta), task.task_id
        assert task.execution_timeout <= timedelta(hours=2)


@pytest.mark.parametrize("name", ALL)
def test_one_run_at_a_time_and_no_catch_up(name, dag_bag):
    dag = dag_bag.dags[name]
    assert dag.max_active_runs == 1
    assert dag.catchup is False


@pytest.mark.parametrize("name", NIGHTLY)
def test_a_first_start_runs_nothing_by_itself(name, dag_bag):
    """A start date in the past would start a whole night as soon as the scheduler sees the DAG."""
    timetable = dag_bag.dags[name].timetable
    assert dag_bag.dags[name].start_date is None
    assert getattr(timetable, "timetable", timetable).run_immediately == timedelta(0)


@pytest.mark.parametrize("name", ALL)
def test_the_documentation_names_content_lateness_and_runbook(name, dag_bag, repository):
    dag = dag_bag.dags[name]
    docstring = ast.get_docstring(ast.parse((repository / "dags" / f"{name}.py").read_text()), clean=False)
    assert dag.doc_md == docstring
    for part in ("When and why then", "Late means", "When red", f"`docs/runbook.md`, section *{name}*"):
        assert part in docstring


@pytest.mark.parametrize("name", ALL)
def test_tags_and_owner_are_set(name, dag_bag):
    dag = dag_bag.dags[name]
    assert {task.owner for task in dag.tasks} == {"data-platform"}
    assert name.partition("_")[0] in dag.tags
    assert any(tag.startswith("impact:") for tag in dag.tags)


@pytest.mark.parametrize("name", ALL)
def test_every_pool_is_one_that_set_up_creates(name, dag_bag):
    from learning_warehouse.tasks import POOLS

    assert {task.pool for task in dag_bag.dags[name].tasks} <= {*POOLS, "default_pool"}
    assert POOLS["warehouse_writer"][0] == 1


@pytest.mark.parametrize("name", INGEST)
def test_an_ingest_dag_lands_audits_admits_and_judges(name, dag_bag):
    dag = dag_bag.dags[name]
    order = ["land", "audit", "admit", "verdict"]
    assert [task.task_id for task in dag.topological_sort()] == order
    for before, after in itertools.pairwise(order):
        assert dag.task_dict[before].downstream_task_ids == {after}


@pytest.mark.parametrize("name", INGEST)
def test_one_dead_stream_stops_neither_the_others_nor_the_verdict(name, dag_bag):
    tasks = dag_bag.dags[name].task_dict
    assert tasks["audit"].trigger_rule == tasks["verdict"].trigger_rule == "all_done"


@pytest.mark.parametrize("name", INGEST)
def test_landing_is_mapped_over_all_streams_of_the_domain(name, dag_bag):
    from learning_warehouse.sources import streams_of

    domain = name.removeprefix("ingest_")
    land = dag_bag.dags[name].task_dict["land"]
    assert land.op_kwargs_expand_input.value == {"stream": streams_of(domain)}
    assert land.pool != "default_pool"


@pytest.mark.parametrize("name", INGEST)
def test_each_domain_emits_the_asset_that_the_warehouse_waits_for(name, dag_bag):
    asset = f"learning_warehouse.{name.removeprefix('ingest_')}"
    assert [outlet.name for outlet in dag_bag.dags[name].task_dict["admit"].outlets] == [asset]
    waited_for = [each.name for each in dag_bag.dags["build_warehouse"].timetable.asset_condition.objects]
    assert asset in waited_for
    assert len(waited_for) == len(INGEST)


def test_the_warehouse_is_built_layer_by_layer_by_one_writer(dag_bag):
    dag = dag_bag.dags["build_warehouse"]
    assert [task.task_id for task in dag.topological_sort()] == [
        "staging",
        "intermediate",
        "core",
        "studies",
        "estimate",
        "marts",
        "mart_audit",
        "publish",
    ]
    assert {task.pool for task in dag.tasks} == {"warehouse_writer"}
    assert dag.task_dict["publish"].trigger_rule == "none_skipped"


@pytest.mark.parametrize("name", ALL)
def test_a_dag_file_is_short_and_imports_one_name_of_ours(name, repository):
    path = repository / "dags" / f"{name}.py"
    assert 35 <= len(path.read_text().splitlines()) <= 70
    imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    by_module = {node.module: [alias.name for alias in node.names] for node in imports if isinstance(node, ast.ImportFrom)}
    assert len(by_module) == len(imports), "a plain import"
    assert set(by_module) <= {"datetime", "airflow.sdk", "learning_warehouse.tasks"}
    assert len(by_module["learning_warehouse.tasks"]) == 1


def test_the_ingest_dags_differ_only_in_their_words(repository):
    """Four copies of a flow drift apart; whatever is not documentation must be the same but for the domain."""
    shapes = set()
    for name in INGEST:
        domain = name.removeprefix("ingest_")
        text = (repository / "dags" / f"{name}.py").read_text().split('"""', 2)[2].replace(domain, "DOMAIN")
        shapes.add("\n".join(line for line in text.splitlines() if "impact:" not in line))
    assert len(shapes) == 1


def test_an_operation_runs_only_when_somebody_triggers_it_and_its_form_knows_every_operation(dag_bag):
    from learning_warehouse.operations import OPERATIONS

    dag = dag_bag.dags["operate"]
    assert dag.schedule is None
    assert [task.task_id for task in dag.tasks] == ["operate"]
    assert dag.params.get_param("operation").schema["enum"] == list(OPERATIONS)
    assert {field for fields in OPERATIONS.values() for field in fields} <= set(dag.params)
