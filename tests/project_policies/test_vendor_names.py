"""Only staging and the models that unite vendors name a vendor, so a new one is a union's new line and nothing else."""

import re
from pathlib import Path

from learning_warehouse.sources import SOURCES

MODELS = Path(__file__).resolve().parents[2] / "dbt_project" / "models"
VENDORS = [vendor for vendor in SOURCES if vendor != "drops"]
NAMES = re.compile(rf"(stg_|['\"])({'|'.join(VENDORS)})(__|\b)")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def named_in(layer: str) -> set[str]:
    return {path.stem for path in (MODELS / layer).rglob("*.sql") if NAMES.search(COMMENT.sub("", path.read_text()))}


def test_core_studies_and_marts_name_no_vendor() -> None:
    assert {layer: named_in(layer) for layer in ("core", "studies", "marts")} == {"core": set(), "studies": set(), "marts": set()}


def test_in_intermediate_only_unions_name_vendors() -> None:
    named = named_in("intermediate")
    assert len(named) > 10
    assert {name for name in named if not name.endswith("_united")} == set()
