"""Where generations stand on disk: generations/000001, ... and the relative link `served` that names one of them."""

import os
import re
from pathlib import Path

from learning_warehouse.settings import settings

PATTERN = re.compile(r"\d{6,}")


def generations_folder() -> Path:
    """The folder that holds all generations."""
    return settings().home / "generations"


def generation_folder(number: int) -> Path:
    """The folder of one generation, whether it exists or not."""
    return generations_folder() / f"{number:06d}"


def complete_numbers() -> list[int]:
    """Numbers of all complete generations, oldest first; a generation is complete once its folder has its final name."""
    folder = generations_folder()
    if not folder.is_dir():
        return []
    return sorted(
        int(path.name) for path in folder.iterdir() if PATTERN.fullmatch(path.name) and (path / "manifest.json").is_file()
    )


def next_number() -> int:
    """The number the next generation will get."""
    return max(complete_numbers(), default=0) + 1


def served_link() -> Path:
    """The link that readers follow."""
    return settings().home / "served"


def served_number() -> int | None:
    """The number that `served` names; a missing or broken link falls back to the newest complete generation."""
    complete = complete_numbers()
    try:
        name = Path(os.readlink(served_link())).name
    except OSError:
        return complete[-1] if complete else None
    number = int(name) if PATTERN.fullmatch(name) else -1
    return number if number in complete else (complete[-1] if complete else None)
