"""The pages of `make bench` are ones that our own sources read to their end, each record once, by search and by list alike."""

import gzip
import json
import os
import subprocess
import sys
import urllib.request

import pytest

from learning_warehouse.settings import REPOSITORY

SIZES = {"zendesk": 2500, "hubspot": 450}


@pytest.fixture(scope="module")
def bench_server():
    """The server of the benchmark in its own process, with a small company's records."""
    command = [sys.executable, REPOSITORY / "benchmarks" / "bench_server.py", "--employees", "40", "--accounts", "30"]
    sizes = ["--tickets", str(SIZES["zendesk"]), "--contacts", str(SIZES["hubspot"])]
    with subprocess.Popen([*command, *sizes], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield json.loads(process.stdout.readline())
        process.stdin.close()


@pytest.mark.parametrize("system", SIZES)
def test_this_project_lands_and_types_every_record_of_the_benchmark(bench_server, tmp_path, system):
    address = f"http://127.0.0.1:{bench_server['port']}"
    program = REPOSITORY / "benchmarks" / "subjects" / "ours.py"
    told = tmp_path / "told.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LW_")} | {"BENCH_TOLD": str(told)}
    subprocess.run([sys.executable, program, address, system, tmp_path, "all"], env=environment, check=True)
    found = json.loads(told.read_text())
    assert (found["records"], found["typed"], found["set_aside"]) == (SIZES[system], SIZES[system], 0)
    assert bench_server["sizes"][system]["records"] == SIZES[system]


def test_a_list_read_with_its_cursor_has_every_contact_once(bench_server):
    ids, after = [], ""
    while after is not None:
        url = f"http://127.0.0.1:{bench_server['port']}/crm/v3/objects/contacts?limit=200{after and '&after=' + after}"
        with urllib.request.urlopen(url, timeout=30) as answer:
            page = json.loads(gzip.decompress(answer.read()))
        ids += [contact["id"] for contact in page["results"]]
        after = page.get("paging", {}).get("next", {}).get("after")
    assert len(ids) == len(set(ids)) == SIZES["hubspot"]
