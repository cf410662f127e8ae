"""Practice tasks and signs of use on the job after learning, drawn on what people completed."""

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.coaching_drive import OUTCOME_DAYS, WINDOW_DAYS, Drive
from learning_warehouse.simulation.draws import DAY, HOUR, MINUTE, moment
from learning_warehouse.simulation.ledger_signals import ApplicationEvidence, PracticeTask
from learning_warehouse.simulation.sales import PILOT_AT, PILOT_ID, Pilot
from learning_warehouse.simulation.scene import Scene, signal_rng
from learning_warehouse.simulation.signal_learning import PROGRAMS, SKILL_OF, Completions

_PRACTICE, _EVIDENCE = 3, 4
_PRACTICED = {"LIB": 0.15, "MAND": 0.0, "CUST": 0.0}
_USED = {
    "AGT-BILLING": 0.62,
    "AGT-INTEGRATIONS": 0.55,
    "AGT-REPORTING": 0.58,
    "OWN": 0.50,
    "LIB": 0.34,
    "MAND": 0.10,
    "CUST": 0.0,
}
_UNKNOWN_WORKERS = ("90210", "90311")


def build_practice(seed: int, scene: Scene, done: Completions, drive: Drive, pilot: Pilot) -> list[PracticeTask]:
    """Tasks after a share of completions and for the sellers of the pilot, plus those of the drive."""
    rng = signal_rng(seed, _PRACTICE)
    share = np.array([_PRACTICED.get(name, 1.2) for name in PROGRAMS])[done.program]
    windows = dict(zip(drive.person, drive.began, strict=True))
    free = np.array(
        [
            not windows.get(who, -1) < at <= windows.get(who, -1) + WINDOW_DAYS * DAY
            for who, at in zip(done.person.tolist(), done.at.tolist(), strict=True)
        ]
    )
    times = rng.poisson(share * free)
    who = np.repeat(np.arange(len(done.at)), times)
    person, begun = done.person[who], done.at[who] + rng.integers(1, 6 * 24 * 60, len(who)) * MINUTE
    codes = [PROGRAMS[place] for place in done.program[who].tolist()]
    sellers, starts = _pilot_tasks(rng, scene, pilot)
    person, begun = np.concatenate([person, sellers]), np.concatenate([begun, starts])
    codes += [PILOT_ID] * len(sellers)
    kept = np.flatnonzero(scene.at_work(person, begun))
    kept = kept[np.argsort(begun[kept], kind="stable")]
    rows = _tasks(rng, scene, person[kept], begun[kept], [codes[place] for place in kept.tolist()])
    return rows + drive.tasks


def _pilot_tasks(rng: Generator, scene: Scene, pilot: Pilot) -> tuple[np.ndarray, np.ndarray]:
    sellers = np.repeat(np.array(sorted(pilot.coached), dtype=int), 6)
    return sellers, PILOT_AT + rng.integers(1, 120 * 24, len(sellers)) * HOUR


def _tasks(rng: Generator, scene: Scene, person: np.ndarray, begun: np.ndarray, codes: list[str]) -> list[PracticeTask]:
    size = len(person)
    manager = scene.manager_at(person, begun)
    done = np.where(rng.random(size) < 0.64, begun + rng.integers(4, 11 * 24, size) * HOUR, 0)
    done = np.where(scene.at_work(person, np.maximum(done, 1)), done, 0)
    told = np.where((done > 0) & (manager >= 0) & (rng.random(size) < 0.6), done + rng.integers(2, 5 * 24, size) * HOUR, 0)
    quality, micro = rng.integers(2, 6, size).tolist(), (rng.random(size) < 0.7).tolist()
    rows = []
    for place, (who, at, end, feedback, lead) in enumerate(
        zip(person.tolist(), begun.tolist(), done.tolist(), told.tolist(), manager.tolist(), strict=True)
    ):
        code = codes[place]
        rows.append(
            PracticeTask(
                f"P{place + 1:06d}",
                scene.ids[who] if place % 997 else _UNKNOWN_WORKERS[0],
                SKILL_OF.get(code, "discovery"),
                code,
                moment(at),
                moment(end) if end else None,
                moment(feedback) if feedback else None,
                scene.ids[lead] if feedback else None,
                quality[place] if feedback else None,
                micro[place],
            )
        )
    return rows


def build_evidence(
    seed: int, scene: Scene, done: Completions, drive: Drive, lifted: list[bool], pilot: Pilot
) -> list[ApplicationEvidence]:
    """Signs of use after the first completion of a program, in the drive's outcome window, and by sellers of the pilot."""
    rng = signal_rng(seed, _EVIDENCE)
    first = np.flatnonzero(done.is_first)
    share = np.array([_USED.get(name, 0.5) for name in PROGRAMS])[done.program[first]]
    users = first[rng.random(len(first)) < share]
    uses = 1 + rng.poisson(1.1, len(users))
    who = np.repeat(users, uses)
    person, code = done.person[who], [PROGRAMS[place] for place in done.program[who].tolist()]
    at = done.at[who] + (rng.exponential(38, len(who)) * DAY).astype(int) + HOUR
    people, began = np.repeat(np.array(drive.person, dtype=int), 2), np.repeat(np.array(drive.began, dtype=int), 2)
    chance = np.where(np.repeat(np.array(lifted, dtype=bool), 2), 0.55, 0.20)
    shown = rng.random(len(people)) < chance
    later = began + (WINDOW_DAYS * DAY + rng.random(len(people)) * (OUTCOME_DAYS - WINDOW_DAYS) * DAY).astype(int)
    sellers = np.array(sorted(pilot.coached), dtype=int)
    coached = np.array([pilot.coached[seller] for seller in sellers.tolist()], dtype=bool)
    times = rng.poisson(np.where(coached, 1.9, 1.0))
    person = np.concatenate([person, people[shown], np.repeat(sellers, times)])
    at = np.concatenate([at, later[shown], PILOT_AT + rng.integers(2 * 24, 150 * 24, times.sum()) * HOUR])
    code += ["LIB"] * int(shown.sum()) + [PILOT_ID] * int(times.sum())
    at = at // MINUTE * MINUTE
    kept = np.flatnonzero(scene.at_work(person, at))
    kept = kept[np.argsort(at[kept], kind="stable")]
    return _evidence(rng, scene, person[kept], at[kept], [code[place] for place in kept.tolist()])


def _evidence(rng: Generator, scene: Scene, person: np.ndarray, at: np.ndarray, codes: list[str]) -> list[ApplicationEvidence]:
    size = len(person)
    kinds = rng.choice(["system_trace", "manager_observation", "peer", "self_report"], size, p=[0.36, 0.26, 0.14, 0.24]).tolist()
    manager = scene.manager_at(person, at).tolist()
    peers = _peers(rng, scene, person, at).tolist()
    rows = []
    for place, (who, second, kind) in enumerate(zip(person.tolist(), at.tolist(), kinds, strict=True)):
        observer = {"manager_observation": manager[place], "peer": peers[place]}.get(kind, -1)
        rows.append(
            ApplicationEvidence(
                f"E{place + 1:06d}",
                scene.ids[who] if place % 1009 else _UNKNOWN_WORKERS[1],
                moment(second),
                kind if observer >= 0 or kind == "system_trace" else "self_report",
                scene.ids[observer] if observer >= 0 else None,
                codes[place],
                SKILL_OF.get(codes[place], "discovery"),
            )
        )
    return rows


def _peers(rng: Generator, scene: Scene, person: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Somebody else who happened to learn at the same time; -1 where it would be the same person."""
    other = rng.permutation(person) if len(person) else person
    return np.where((other != person) & scene.at_work(other, at), other, -1)
