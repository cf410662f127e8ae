"""Points of a phase: each system call that changes something below its home, found with strace, and how to damage one.

A point is a call by name and its ordinal among the calls of that name, as strace counts them. Without strace the points are
the calls that Python tells an audit hook of: no single writes, no syncs, nothing that DuckDB does by itself.
"""

import json
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
KINDS = ("KILL", "ENOSPC", "EIO")
SIGNALS = ("KILL", "TERM", "INT")
CALL = re.compile(r"^(\d+) +([a-z0-9_]+)\(")
OPENING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")
HAS_STRACE = shutil.which("strace") is not None and not subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"]).returncode


@dataclass(frozen=True)
class Point:
    """One call of a phase: `ordinal` counts calls of this name, from 1; `where` is the file without what is drawn anew."""

    phase: str
    call: str
    ordinal: int
    where: str


@dataclass
class Told:
    """What came of one damaged point; `violations` is empty when nothing was harmed."""

    point: Point
    kind: str
    violations: list[str] = field(default_factory=list)


class Server:
    """The phase server as a child process that has imported what the phases need."""

    def __init__(self, folder: Path, environment: dict[str, str], phases: tuple[str, ...]) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, str(HERE / "phase_server.py"), *phases]
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self._line()

    def call(self, do: str, home: Path, name: str = "", **how: Any) -> dict[str, Any]:
        """Runs one call in a home, damaged as `how` says; returns exit code, what it printed, and what it returned."""
        asked = {"strace": None, "hook": None, "megabytes": None, "writes_anywhere": True} | how
        asked |= {"do": do, "name": name, "home": str(home), "log": str(self.log)}
        assert self.child.stdin is not None
        self.child.stdin.write(json.dumps(asked) + "\n")
        self.child.stdin.flush()
        return self._line()

    @property
    def log(self) -> Path:
        """What strace or the hook wrote about the last call."""
        return self.folder / "calls"

    def stop(self) -> None:
        assert self.child.stdin is not None
        self.child.stdin.close()
        self.child.wait()

    def _line(self) -> dict[str, Any]:
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        if not line:
            raise RuntimeError("the phase server has ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


class Matrix:
    """Phases, their points and what comes of each. `sandbox` is what run/sandbox.json of a home says."""

    def __init__(self, server: Server, folder: Path, sandbox: dict[str, Any], with_strace: bool = HAS_STRACE) -> None:
        self.server, self.folder, self.sandbox, self.with_strace = server, folder, sandbox, with_strace
        self.expected: dict[str, dict[str, str]] = {}

    def points(self, phase: str) -> list[Point]:
        """Records an undisturbed run of a phase; its home before it is kept as a template."""
        before = self._before(phase)
        if not before.exists():
            (before / "run").mkdir(parents=True)
            (before / "run" / "sandbox.json").write_text(json.dumps(self.sandbox))
            self._good("before", before, phase)
        home = self.copy(phase)
        self._good("phase", home, phase, **({"strace": []} if self.with_strace else {"hook": {}}))
        found = self._traced(phase, home) if self.with_strace else self._hooked(phase, home)
        self.expected[phase] = self._good("outcome", home)["told"]
        shutil.rmtree(home)
        return found

    def damage(self, point: Point, kind: str) -> Told:
        """Runs the phase with one damaged call, looks at the home, runs it again undisturbed and looks once more."""
        home = self.copy(point.phase)
        broken = self.server.call("phase", home, point.phase, **self._injected(point, kind))
        told = Told(point, kind)
        killed = {"KILL": -9, "TERM": -15}.get(kind)
        if not self._happened(point, kind) or broken["exit"] != (killed or broken["exit"]):
            told.violations.append(f"the call was not reached: exit code {broken['exit']} {broken['said'][-300:]}")
        told.violations += self.look(point.phase, home)
        return told

    def look(self, phase: str, home: Path) -> list[str]:
        """What is wrong with a home after a damaged phase, at once and when the phase has run again and the janitor has swept."""
        looked = self.server.call("look", home, phase)
        if looked["exit"] != 0:
            return [f"the next run fails: {looked['said'][-400:]}"]
        found = [f"at once: {problem}" for problem in looked["told"]["at_once"]]
        found += [f"after the next run: {problem}" for problem in looked["told"]["afterwards"]]
        return found + _differences(self.expected[phase], looked["told"]["outcome"])

    def copy(self, phase: str) -> Path:
        """A fresh copy of the home as it is before a phase, in the place of the last one."""
        home = self.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run(["cp", "-a", str(self._before(phase)), str(home)], check=True)
        return home

    def _injected(self, point: Point, kind: str) -> dict[str, Any]:
        if not self.with_strace:
            return {"hook": {"at": point.ordinal, "kind": kind}}
        how = f"signal={kind}" if kind in SIGNALS else f"error={kind}"
        return {"strace": ["-e", f"inject={point.call}:{how}:when={point.ordinal}"]}

    def _happened(self, point: Point, kind: str) -> bool:
        lines = self.server.log.read_text().splitlines()
        if not self.with_strace:
            return len(lines) >= point.ordinal
        if kind in SIGNALS:
            return any(f"SIG{kind}" in line for line in lines)
        return any(line.endswith("(INJECTED)") for line in lines if " clone" not in line)

    def _traced(self, phase: str, home: Path) -> list[Point]:
        seen: Counter[str] = Counter()
        found = []
        lines = self.server.log.read_text().splitlines()
        first_thread = lines[0].split()[0]
        for line in lines:
            match = CALL.match(line)
            if match is None or match[1] != first_thread or match[2].startswith("clone"):
                continue
            call = match[2]
            seen[call] += 1
            if str(home) in line and (call not in ("open", "openat") or OPENING.search(line)):
                found.append(Point(phase, call, seen[call], self._where(line, home)))
        return found

    def _hooked(self, phase: str, home: Path) -> list[Point]:
        lines = self.server.log.read_text().splitlines()
        return [Point(phase, line.split()[0], number, self._where(line, home)) for number, line in enumerate(lines, start=1)]

    def _where(self, line: str, home: Path) -> str:
        path = line.partition(str(home))[2]
        return re.sub(r"[0-9a-f]{32}", "*", re.split(r"[\">,]", path)[0])

    def _before(self, phase: str) -> Path:
        return self.folder / "before" / phase.replace(" ", "_")

    def _good(self, do: str, home: Path, name: str = "", **more: Any) -> dict[str, Any]:
        answer = self.server.call(do, home, name, **more)
        if answer["exit"] != 0:
            raise RuntimeError(f"{do} {name}: {answer['said']}")
        return answer


def _differences(expected: dict[str, str], found: dict[str, str]) -> list[str]:
    names = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    word = {(True, True): "differs", (True, False): "is missing", (False, True): "is too much"}
    return [f"after the next run: {name} {word[name in expected, name in found]}" for name in names]


def spread(points: list[Point], most: int, seed: int = 1) -> list[tuple[Point, str]]:
    """At most `most` points, evenly spaced from a start that the seed draws, each with one kind in turn."""
    generator = random.Random(seed)
    step = max(1.0, len(points) / most)
    start = generator.random() * step
    chosen = [points[int(place)] for place in (start + number * step for number in range(most)) if place < len(points)]
    turn = generator.randrange(len(KINDS))
    return [(point, KINDS[(turn + number) % len(KINDS)]) for number, point in enumerate(chosen)]
