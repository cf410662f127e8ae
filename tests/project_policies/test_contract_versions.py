"""What dbt reads is typed under the contract that each stream declares now; raising one without the other shows old rows."""

from pathlib import Path

import pytest
import yaml

from learning_warehouse.sources import every_stream

MODELS = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "staging"


def _locations() -> dict[str, str]:
    found = {}
    for path in MODELS.rglob("*__sources.yml"):
        for source in yaml.safe_load(path.read_text())["sources"]:
            common = {**source.get("meta", {}), **source.get("config", {}).get("meta", {})}
            for table in source["tables"]:
                own = {**table.get("meta", {}), **table.get("config", {}).get("meta", {})}
                location = str({**common, **own}.get("external_location"))
                found[f"{source['name']}.{table['name']}"] = location.replace("{name}", table["name"])
    return found


LOCATIONS = _locations()


@pytest.mark.parametrize(
    "stream", [stream for stream in every_stream() if stream.full_name in LOCATIONS], ids=lambda one: one.full_name
)
def test_dbt_reads_the_rows_of_the_current_contract(stream):
    tenants = "" if stream.source == "drops" else "*"
    folder = f"/admitted/{stream.source}{tenants}/{stream.name}/v={stream.contract}/*.parquet"
    assert folder in LOCATIONS[stream.full_name]


def test_most_streams_are_read_by_dbt():
    assert sum(stream.full_name in LOCATIONS for stream in every_stream()) > 40
