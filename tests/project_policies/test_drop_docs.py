"""docs/drops.md says of every stream which marts need it, and says nothing that the project does not do."""

import re
from pathlib import Path
from typing import Any

import pytest

from learning_warehouse.sources import SOURCES

TEXT = (Path(__file__).parents[2] / "docs" / "drops.md").read_text()
ROWS = dict(re.findall(r"^\| `(\w+)/` \| .+ \| (.+) \|$", TEXT, re.MULTILINE))


def test_every_stream_has_one_row_and_no_row_is_without_a_stream() -> None:
    assert set(ROWS) == set(SOURCES["drops"].streams)


def test_what_one_line_is_reads_as_in_the_declaration() -> None:
    for name, said in re.findall(r"^\| `(\w+)/` \| (.+) \| .+ \|$", TEXT, re.MULTILINE):
        meaning = SOURCES["drops"].streams[name].meaning
        assert f"{said[0].upper()}{said[1:]}." == meaning, name


@pytest.mark.parametrize("name", ROWS)
def test_every_mart_named_for_a_stream_is_built_from_it(name: str, manifest: Any) -> None:
    named = re.findall(r"`((?:activity|application|impact|governance)_\w+)`", ROWS[name])
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    marts = {node["name"] for node in models if node["original_file_path"].startswith("models/marts/")}
    assert set(named) <= _built_from(f"stg_drops__{name}", models) & marts
    assert named or "none yet" in ROWS[name]


def _built_from(model: str, models: list[Any]) -> set[str]:
    """The names of all models that read it, directly or through others."""
    found = {model}
    while True:
        more = {node["name"] for node in models if {name.split(".")[-1] for name in node["depends_on"]["nodes"]} & found}
        if more <= found:
            return found
        found |= more
