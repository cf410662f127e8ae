"""Rules of the dbt project that nobody has to remember: layers, grain, contracts, privacy, portability, sizes."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2] / "dbt_project"
LAYERS = ("staging", "intermediate", "core", "studies", "estimates", "marts")
BANNED = (
    r"dbt\.datediff",
    r"type_float",
    r"\bqualify\b",
    r"group by all",
    r"::",
    r"dbt\.date_spine",
    r"current_timestamp",
    r"\bnow\(\)",
)
SQL_FILES = sorted(path for folder in ("models", "macros", "tests") for path in (PROJECT / folder).rglob("*.sql"))
PERSON_COLUMN = re.compile(r"person_key$|^identity_key$|^worker_id$|^team_key$")


def layer(node: dict[str, Any]) -> str:
    """The first folder under models/."""
    return str(node["original_file_path"]).split("/")[1]


def is_step(node: dict[str, Any]) -> bool:
    """A step of a calculation, which nobody opens: int_*, wherever it lies."""
    return str(node["name"]).startswith("int_")


def parents(node: dict[str, Any], kind: str) -> list[str]:
    return [unique_id for unique_id in node["depends_on"]["nodes"] if unique_id.startswith(f"{kind}.")]


def test_only_staging_reads_sources_and_one_model_reads_what_the_estimate_task_wrote(models: dict[str, Any]) -> None:
    readers = [name for name, node in models.items() if parents(node, "source") and layer(node) != "staging"]
    assert readers == ["stg_estimates__current"]


def test_a_staging_model_reads_one_stream_and_our_own_word_lists_only(models: dict[str, Any]) -> None:
    for name, node in models.items():
        if layer(node) == "staging":
            vendor = parents(node, "source")[0].split(".")[2]
            its_own = [source for source in parents(node, "source") if source.split(".")[2:] != [vendor, "deletions"]]
            assert len(its_own) == 1 or name == f"stg_{vendor}__deletions", name
            assert parents(node, "model") == [], name
            assert name.startswith(f"stg_{vendor}__"), name
            assert all(seed.split(".")[-1].startswith(f"xwalk_{vendor}_") for seed in parents(node, "seed")), name


def test_only_unions_know_vendors(models: dict[str, Any]) -> None:
    from learning_warehouse.sources import SOURCES

    vendors = re.compile("|".join(sorted(set(SOURCES) - {"drops"})))
    for name, node in models.items():
        if layer(node) != "staging" and not name.endswith("_united"):
            code = re.sub(r"\{#.*?#\}", "", str(node["raw_code"]), flags=re.DOTALL)
            assert vendors.findall(code) == [], f"{name} knows a vendor"


def test_nothing_flows_backwards(models: dict[str, Any], manifest: Any) -> None:
    for name, node in models.items():
        for parent in parents(node, "model"):
            assert LAYERS.index(layer(manifest["nodes"][parent])) <= LAYERS.index(layer(node)), f"{name} reads {parent}"


def test_marts_read_core_and_each_other_and_never_staging(models: dict[str, Any], manifest: Any) -> None:
    for name, node in models.items():
        if layer(node) == "marts":
            read = {layer(manifest["nodes"][parent]) for parent in parents(node, "model")}
            allowed = {"core", "studies", "estimates", "marts"} | ({"staging"} if name.startswith("governance_") else set())
            assert read <= allowed, f"{name} reads {read - allowed}"


def test_every_model_says_its_grain_and_a_test_holds_it(models: dict[str, Any], manifest: Any) -> None:
    tested = defaultdict(set)
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("test_metadata"):
            tested[node.get("attached_node")].add(node["test_metadata"]["name"])
    for name, node in models.items():
        text = str(node["description"])
        if layer(node) in ("studies", "marts") and is_step(node):
            assert len(text) >= 25, f"{name} does not say what it holds"
            continue
        assert re.search(r"\bone row\b", text, re.IGNORECASE) and len(text) >= 25, f"{name} does not say what one row is"
        assert "unique_grain" in tested[node["unique_id"]], f"{name} has no unique_grain test"


def test_core_and_marts_have_contracts_and_every_column_is_described(models: dict[str, Any]) -> None:
    for name, node in models.items():
        if layer(node) in ("core", "marts") and not is_step(node):
            assert node["config"]["contract"]["enforced"], name
            for column in node["columns"].values():
                assert column["data_type"], f"{name}.{column['name']}"
                words = str(column["description"]).strip()
                said = len(words) >= 5 and words.lower().rstrip(".") != column["name"].replace("_", " ")
                assert said, f"{name}.{column['name']} is not described"


def test_every_mart_has_an_owner_a_reader_and_a_unit_test(models: dict[str, Any], manifest: Any) -> None:
    read = {unique_id for exposure in manifest["exposures"].values() for unique_id in exposure["depends_on"]["nodes"]}
    unit_tested = {test["model"] for test in manifest["unit_tests"].values()}
    for name, node in models.items():
        if layer(node) == "marts" and not is_step(node):
            assert node["config"]["group"], f"{name} belongs to nobody"
            assert node["unique_id"] in read, f"{name} is in no exposure"
            assert name in unit_tested, f"{name} has no unit test"


def test_unit_tests_bring_their_own_rows_and_are_named_as_rules(manifest: Any) -> None:
    for test in manifest["unit_tests"].values():
        assert len(test["name"].split("_")) >= 5, f"{test['name']} does not say a rule"
        assert all(given.get("fixture") is None for given in test["given"]), test["name"]
        assert test["expect"]["rows"] is not None, test["name"]


def test_rows_of_persons_stay_in_schema_restricted(models: dict[str, Any]) -> None:
    for name, node in models.items():
        if layer(node) == "marts" and not is_step(node):
            columns = [column for column in node["columns"] if PERSON_COLUMN.search(column)]
            assert node["schema"] in ("marts", "restricted"), name
            assert node["schema"] == "restricted" or not columns, f"{name} shows {columns}"
        if layer(node) == "core" and name != "fct_account_months":
            columns = [column for column in node["columns"] if PERSON_COLUMN.search(column)]
            assert (node["schema"] == "restricted") == bool(columns), f"{name} has {columns}"


def test_no_plain_address_or_name_of_a_person_is_a_column(models: dict[str, Any]) -> None:
    plain = re.compile(r"^(e?mail|email_address|work_email|first_name|last_name|full_name|display_name|phone|username)$")
    sql = {name: re.findall(r"\bas (\w+)", node["raw_code"]) for name, node in models.items()}
    assert {name: found for name, words in sql.items() if (found := [word for word in words if plain.match(word)])} == {}


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: path.stem)
def test_sql_is_portable_short_and_reads_no_environment(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    found = [word for word in BANNED if re.search(word, text, re.IGNORECASE)]
    assert found == [], f"{path.name} uses {found}"
    assert "env_var" not in text, "only profiles.yml and the sources know where files are"
    longest = 120 if "models" in path.parts else 200
    assert len(path.read_text().splitlines()) <= longest, "a step of its own is missing"


def test_only_profiles_and_sources_read_the_environment_and_nothing_secret_of_it() -> None:
    reading = [path for path in PROJECT.rglob("*.yml") if "env_var" in path.read_text()]
    assert all(path.name == "profiles.yml" or path.name.endswith("__sources.yml") for path in reading)
    names = {name for path in reading for name in re.findall(r"env_var\(\s*'(\w+)'", path.read_text())}
    engine = {f"LW_ENGINE_{name}" for name in ("HOST", "PORT", "USER", "DATABASE")}
    assert names == {"LW_STORAGE_ROOT", "LW_WAREHOUSE_FILE"} | engine


def test_every_stream_of_the_package_is_a_source_with_a_staging_model(manifest: Any, models: dict[str, Any]) -> None:
    from learning_warehouse.sources import SOURCES

    ours = {(source.vendor, name) for source in SOURCES.values() for name in source.streams}
    read = {(node["source_name"], node["name"]) for node in manifest["sources"].values()}
    theirs = {(vendor, name) for vendor, name in read if vendor not in ("company", "loads", "estimates")}
    assert ours == theirs
    assert all(f"stg_{vendor}__{name}" in models for vendor, name in ours)


def test_the_personal_columns_of_a_stream_are_marked_on_its_source(manifest: Any) -> None:
    from learning_warehouse.sources import SOURCES

    marked = {
        (node["source_name"], node["name"]): set((node["config"].get("meta") or node["meta"]).get("personal_columns", []))
        for node in manifest["sources"].values()
    }
    for source in SOURCES.values():
        for name, stream in source.streams.items():
            hashed = {f"{column.name}_key" for column in stream.columns if column.personal}
            assert hashed <= marked[source.vendor, name], f"{source.vendor}.{name}"
