"""dbt in this process: company.yml and loads as tables, errors that name what failed, no lock left, nothing secret written."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from learning_warehouse import estimates, transform
from learning_warehouse.admission import ensure_empty
from learning_warehouse.pages.dbt_docs import static_page
from learning_warehouse.privacy_classes import classes, columns_of, placement
from learning_warehouse.settings import reset_settings, settings
from learning_warehouse.storage import storage

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)

PROFILE = """
tiny: {target: duckdb, outputs: {duckdb: {type: duckdb, path: "{{ env_var('LW_WAREHOUSE_FILE') }}", threads: 1}}}
"""
DESCRIPTION = """
models: [{name: impact_d, description: "**Grain.** One row per k.", columns: [{name: k, description: "The key </script>."}]}]
"""


@pytest.fixture
def project(home, tmp_path, monkeypatch):
    """A project of two models beside the real company.yml: staging builds, intermediate has a failing test."""
    folder = tmp_path / "repository" / "dbt_project"
    for name, text in {
        "dbt_project.yml": "name: tiny\nversion: 1.0.0\nprofile: tiny\nmodels: {tiny: {+materialized: table}}\n",
        "profiles.yml": PROFILE,
        "selectors.yml": "selectors:\n"
        + "".join(f"  - {{name: {layer}, definition: {{method: path, value: models/{layer}}}}}\n" for layer in transform.LAYERS),
        "models/staging/stg_a.sql": "select 1 as k union all select 1",
        "models/intermediate/int_b.sql": "select * from {{ ref('stg_a') }}",
        "models/intermediate/int_b.yml": "models: [{name: int_b, columns: [{name: k, data_tests: [unique]}]}]\n",
        "models/core/dim_c.sql": "select 1 / 'x'::integer as broken",
        "models/marts/impact_d.sql": "select '{{ env_var('LW_STORAGE_ROOT') }}' as root, k from {{ ref('stg_a') }}",
        "models/marts/impact_d.yml": DESCRIPTION,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.setenv("LW_REPOSITORY", str(folder.parent))
    monkeypatch.setenv("LW_COMPANY_FILE", str(settings().company_file))
    reset_settings()
    return folder


def test_a_layer_builds_leaves_no_lock_and_a_failed_test_is_named_with_its_log(project, home):
    result = transform.build_layer("staging")
    assert (result.layer, result.models, result.errors) == ("staging", 1, ())
    file = str(transform.warehouse_file())
    code = f"import duckdb; c = duckdb.connect({file!r}); print(c.execute('select count(*) from stg_a').fetchone())"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "(2,)"
    with duckdb.connect(str(transform.warehouse_file()), read_only=True) as connection:
        assert connection.execute("select count(*) from stg_a").fetchone() == (2,)
    with pytest.raises(transform.LayerFailed) as failed:
        transform.build_layer("intermediate")
    assert failed.value.result.tests_failed == 1
    for words in ("the intermediate layer did not build", "unique_int_b_k", "Got 1 result", str(home / "logs" / "dbt.log")):
        assert words in str(failed.value)
    with pytest.raises(transform.LayerFailed, match="dim_c"):
        transform.build_layer("core")


def test_rows_of_persons_are_built_where_nobody_else_can_read(project, home):
    home.mkdir(parents=True)
    (home / "working").mkdir(mode=0o755)
    transform.build_layer("staging")
    assert (home / "working").stat().st_mode & 0o777 == 0o700


def test_staging_starts_from_a_fresh_file(project, home):
    transform.build_layer("staging")
    with duckdb.connect(str(transform.warehouse_file())) as connection:
        connection.execute("create table left_over as select 1")
    transform.build_layer("staging")
    with duckdb.connect(str(transform.warehouse_file()), read_only=True) as connection:
        assert connection.execute("select count(*) from duckdb_tables() where table_name = 'left_over'").fetchone() == (0,)


def test_the_documentation_holds_no_path_of_this_machine_no_compiled_sql_and_asks_no_other_host(project, home):
    transform.build_layer("staging")
    transform.build_layer("marts")
    assert transform.mart_grains() == {"impact_d": "One row per k."}
    page = static_page(*transform.docs_catalog())
    assert "impact_d" in page
    assert str(home) not in page
    assert str(project) not in page
    assert "The key <\\/script>." in page
    assert "connect-src 'none'" in page
    assert '"compiled_code"' not in page.rpartition("catalog")[2]


def test_only_two_paths_are_told_to_dbt_and_only_for_the_call(project, monkeypatch):
    import os

    transform.build_layer("staging")
    assert "LW_WAREHOUSE_FILE" not in os.environ
    assert "LW_STORAGE_ROOT" not in os.environ
    for path in (settings().home / "working" / "dbt").rglob("*.json"):
        assert "fixed-key" not in path.read_text()


@pytest.mark.slow
def test_every_unit_test_of_the_real_project_passes_on_a_company_without_a_single_load(home):
    ensure_empty(storage())
    transform.prepare(NIGHT + timedelta(days=1))
    failed = []
    for layer in transform.LAYERS:
        if layer == "marts":
            estimates.estimate()
        try:
            transform.build_layer(layer)
        except transform.LayerFailed as error:
            failed += error.result.errors
    assert failed == []
    assert transform.run_unit_tests().tests_passed > 100
    placed = placement(columns_of(transform.warehouse_file()), classes())
    assert (placed.unclassified, placed.misplaced) == ((), ()), "name new columns in dbt_project/privacy.yml"


def test_what_dbt_says_of_a_failed_model_reaches_pages_without_values():
    item = {"status": "error", "message": "Conversion Error: Could not convert string 'ann@corp.example'\n to INT32"}
    assert transform._message(item) == "Conversion Error: Could not convert string '...' to INT32"
