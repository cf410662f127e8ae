"""A reader that asks what is served again and again while nights are published; ends at SIGTERM and prints what it saw.

Argument: home. Three ways to read, in turn: the warehouse file through the link, as BI does; every part of one generation behind
the link resolved once, as a careful program does; and both mart files with every row counted. A generation is mixed when
its parts do not name the same number, or a mart file does not hold the rows that its manifest promises.
"""

import json
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import duckdb

PAUSE = 0.5
STAMP = "select generation from _generation"


def through_the_link(home: Path) -> int:
    """The number in the warehouse file, after reading marts of it."""
    with duckdb.connect(str(home / "served" / "warehouse.duckdb"), read_only=True) as connection:
        before = int(connection.execute(STAMP).fetchone()[0])
        connection.execute("select * from impact_customer_education").fetchall()
        connection.execute("select * from governance_source_coverage").fetchall()
        if int(connection.execute(STAMP).fetchone()[0]) != before:
            raise AssertionError("one file, two generations")
    return before


def of_one_folder(home: Path) -> int:
    """The number on which every part of the generation behind the link agrees."""
    folder = (home / "served").resolve(strict=True)
    manifest = json.loads((folder / "manifest.json").read_text())
    numbers = {manifest["generation"], int(folder.name.rpartition("-")[2]) if "-" in folder.name else int(folder.name)}
    rows: dict[str, dict[str, int]] = {"warehouse.duckdb": {}, "restricted.duckdb": {}}
    for file, found in rows.items():
        with duckdb.connect(str(folder / file), read_only=True) as connection:
            numbers.add(int(connection.execute(STAMP).fetchone()[0]))
            for mart in (mart["name"] for mart in manifest["marts"] if mart["file"] == file):
                found[mart] = connection.execute(f"select count(*) from {mart}").fetchone()[0]
    promised = {mart["name"]: mart["rows"] for mart in manifest["marts"]}
    if len(numbers) != 1 or rows["warehouse.duckdb"] | rows["restricted.duckdb"] != promised:
        raise AssertionError(f"mixed: {sorted(numbers)}")
    if not (folder / "site" / "index.html").stat().st_size:
        raise AssertionError("a page is empty")
    return manifest["generation"]


def main() -> None:
    home, told = Path(sys.argv[1]), Counter()
    seen: set[int] = set()
    errors: list[str] = []
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
    while not stopped:
        if not (home / "served").is_symlink() and not seen:
            time.sleep(PAUSE)
            continue
        for read in (through_the_link, of_one_folder):
            try:
                number = read(home)
                told["reads"] += 1
                told["backwards"] += bool(seen) and number < max(seen)
                seen.add(number)
            except AssertionError as error:
                told["mixed"] += 1
                errors.append(f"{read.__name__}: {error}")
            except Exception as error:
                told["errors"] += 1
                errors.append(f"{read.__name__}: {type(error).__name__}: {error}")
        time.sleep(PAUSE)
    print(json.dumps({**told, "generations": sorted(seen), "examples": errors[:5]}))


main()
