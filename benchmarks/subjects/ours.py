"""This project: one stream extracted, landed as raw parts with a manifest, and typed into Parquet with its receipt.

Run: python ours.py URL zendesk|hubspot FOLDER all|land|type|replay. `all` is the step of a night; `type` types what `land`
landed in the same folder; `replay` types all raw parts again under the next contract, without the vendor.
"""

import json
import os
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

STREAMS = {"zendesk": "zendesk.tickets", "hubspot": "hubspot.contacts"}


def main(url: str, system: str, folder: str, part: str) -> None:
    """Do one part of the work, measured."""
    vendor = STREAMS[system].partition(".")[0]
    connection = {"host": url + ("/api/v2" if system == "zendesk" else ""), "login": "bench@example.com", "password": "none"}
    os.environ |= {
        "LW_HOME": folder,
        "LW_COMPANY_FILE": str(_company_file(vendor, Path(folder))),
        "LW_PERSON_KEY_SECRET": "no real people here",
        f"AIRFLOW_CONN_{vendor.upper()}": json.dumps(connection),
    }
    from measured import measured, tell

    from learning_warehouse import loads
    from learning_warehouse.landing import land
    from learning_warehouse.sources import SOURCES, find
    from learning_warehouse.storage import Storage
    from learning_warehouse.streams import RunContext
    from learning_warehouse.typing_records import type_load

    stream, stored = find(STREAMS[system]), Storage(folder)
    context = RunContext("bench", datetime(2026, 12, 1, 1, tzinfo=UTC))
    with measured() as told:
        if part == "replay":
            stream = SOURCES[vendor].streams[stream.name] = replace(stream, contract=stream.contract + 1)
        (manifest,) = [land(stream, context, stored)] if part in ("all", "land") else loads.manifests(stream, stored)
        if part != "land":
            receipt = type_load(manifest, stored)
            told |= {"typed": receipt.typed, "set_aside": receipt.set_aside}
    tell(told, records=manifest.records, stored=sum(len(stored.read_bytes(one.key)) for one in manifest.parts))


def _company_file(vendor: str, folder: Path) -> Path:
    """The repository's company.yml with this one vendor connected and all others absent."""
    text = (Path(__file__).parents[2] / "company.yml").read_text()
    changed = re.sub(
        r"(\w+): (?:simulated|absent)\b", lambda found: f"{found[1]}: {'connected' if found[1] == vendor else 'absent'}", text
    )
    (folder / "company.yml").write_text(changed)
    return folder / "company.yml"


if __name__ == "__main__":
    main(*sys.argv[1:5])
