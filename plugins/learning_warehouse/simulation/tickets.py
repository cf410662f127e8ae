"""Tickets: how many of each kind an account writes in a month, and how long which agent takes to solve them.

How-to questions per paid seat fall by HOW_TO_RATIO from the month after the account's first completed course; defects,
billing questions and requests do not change. A spike month triples how-to questions and is followed by education more
often, so before-and-after comparisons of adopters mislead. Agents differ in speed; training in a category takes
HANDLING_HOURS off every ticket of that category. Resolution never drops below half an hour through training. All ticket
times are whole minutes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from learning_warehouse.simulation.customer_learning import first_months
from learning_warehouse.simulation.customers import Book
from learning_warehouse.simulation.draws import (
    DAY,
    ENDS_AT,
    MINUTE,
    OBSERVED_FROM,
    Entity,
    day_number,
    moment,
    month_starts,
    stream,
)
from learning_warehouse.simulation.employee_learning import AgentSkills
from learning_warehouse.simulation.help_desk import HelpDesk
from learning_warehouse.simulation.learners import account_id
from learning_warehouse.simulation.ledger import Ticket
from learning_warehouse.simulation.life_courses import LifeCourses
from learning_warehouse.simulation.people import occupancy
from learning_warehouse.simulation.workforce import Workforce

HOW_TO_RATIO = 0.78
HANDLING_HOURS = 1.1
KINDS = ("how_to", "defect", "billing", "request")
CATEGORIES = ("billing", "integrations", "reporting", "other")
_RATE = {"how_to": 0.0172, "defect": 0.0105, "billing": 0.0050, "request": 0.0070}  # per seat and month
_TAGGED_SHARE = 0.92
_FIRST_DAY = day_number(OBSERVED_FROM.date())
_LAST_DAY = day_number(ENDS_AT.date())
_CATEGORY_HOURS = np.array([0.0, 1.0, 0.4, -0.4])
_NEVER = np.iinfo(np.int64).max // 4


@dataclass(slots=True)
class Drawn:
    """Parallel arrays, one entry per ticket in order of creation: account, kind number and second of creation."""

    account: np.ndarray
    kind: np.ndarray
    created: np.ndarray


def draw_tickets(rng: Generator, book: Book, lives: LifeCourses, seats: np.ndarray) -> Drawn:
    """Poisson counts by account, month and kind inside the account's active time; `seats` is [account, month]."""
    months = np.array(month_starts())
    begin, end = months[:-1], months[1:]
    opens = np.maximum(begin[None, :], (book.start_day * DAY)[:, None])
    closes = np.minimum(end[None, :], lives.churned_at[:, None])
    active = np.maximum(0, closes - opens) / (end - begin)[None, :]
    season = 1 + 0.10 * np.sin(np.arange(len(begin)) * np.pi / 6)
    trained = np.arange(len(begin))[None, :] > first_months(lives, months.tolist())[:, None]
    accounts, kinds, created = [], [], []
    for number, kind in enumerate(KINDS):
        mean = _RATE[kind] * seats * active * season[None, :]
        if kind == "how_to":
            spikes = np.where(lives.spikes[:, 1 : len(begin) + 1], 3.0, 1.0)
            mean = mean * book.how_to_level[:, None] * np.where(trained, HOW_TO_RATIO, 1.0) * spikes
        else:
            mean = mean * book.other_level[:, None]
        counts = rng.poisson(mean)
        account, month = np.nonzero(counts)
        repeats = counts[account, month]
        account, month = np.repeat(account, repeats), np.repeat(month, repeats)
        at = opens[account, month] + rng.random(len(account)) * (closes - opens)[account, month]
        accounts.append(account)
        kinds.append(np.full(len(account), number))
        created.append(at.astype(np.int64) // MINUTE * MINUTE)
    whose, what, when = np.concatenate(accounts), np.concatenate(kinds), np.concatenate(created)
    when = np.maximum(when, book.start_day[whose] * DAY + MINUTE)
    order = np.argsort(when, kind="stable")
    return Drawn(whose[order], what[order], when[order])


def solve_tickets(
    seed: int, book: Book, lives: LifeCourses, seats: np.ndarray, desk: HelpDesk, workforce: Workforce, skills: AgentSkills
) -> list[Ticket]:
    """All tickets in order of creation, with agent, times, reopenings and ratings."""
    rng = stream(seed, Entity.TICKETS)
    drawn = draw_tickets(rng, book, lives, seats)
    count = len(drawn.account)
    agent = _agents(rng, workforce, drawn.created)
    category = _categories(rng, drawn.kind)
    level = np.array([skills.level.get(number, 0.0) for number in range(len(workforce.people))])
    trained_at = np.full((len(workforce.people), len(CATEGORIES)), _NEVER)
    for (number, name), at in skills.trained_at.items():
        trained_at[number, CATEGORIES.index(name)] = at
    trained = trained_at[agent, category] <= drawn.created
    hours = 5.2 + level[agent] + _CATEGORY_HOURS[category] + rng.gamma(1.8, 2.2, count) - HANDLING_HOURS * trained
    solved = drawn.created + np.maximum(30, np.round(hours * 60)).astype(np.int64) * MINUTE
    wait = rng.gamma(1.5, 22, count).astype(np.int64) + 2
    first_reply = drawn.created + np.minimum(wait, (solved - drawn.created) // MINUTE) * MINUTE
    reopened = rng.binomial(2, np.where(trained, 0.025, 0.035))
    unsolved, tagged = rng.random(count) < 0.008, rng.random(count) < _TAGGED_SHARE
    rated, good, wait_rating = rng.random(count) < 0.22, rng.random(count) < 0.86, rng.integers(20, 2500, count)
    priority, deleted, orphan = rng.random(count), rng.random(count) < 0.002, rng.random(count) < 0.04
    requester = _requesters(rng, desk, drawn)
    names = np.array(["low", "normal", "high", "urgent"])[np.searchsorted([0.2, 0.8, 0.95], priority)]
    return [
        Ticket(
            ticket_id=10_001 + row,
            requester_id=requester[row],
            assignee_id=desk.agent_of_person[int(agent[row])],
            organization_id=None if orphan[row] else desk.organization_of[int(drawn.account[row])],
            account_id=account_id(int(drawn.account[row])),
            kind=KINDS[drawn.kind[row]],
            is_kind_tagged=bool(tagged[row]),
            category=CATEGORIES[category[row]],
            priority=None if priority[row] < 0.1 else str(names[row]),
            created_at=moment(drawn.created[row]),
            first_reply_at=moment(first_reply[row]),
            solved_at=None if unsolved[row] else moment(solved[row]),
            reopen_count=int(reopened[row]),
            satisfaction=("good" if good[row] else "bad") if rated[row] and not unsolved[row] else None,
            rated_at=moment(solved[row] + wait_rating[row] * MINUTE) if rated[row] and not unsolved[row] else None,
            deleted_at=moment(solved[row] + 5 * DAY) if deleted[row] else None,
        )
        for row in range(count)
    ]


def _agents(rng: Generator, workforce: Workforce, created: np.ndarray) -> np.ndarray:
    _, table = occupancy(workforce.positions, "Support Agent", _FIRST_DAY, _LAST_DAY + 1)
    day = np.clip(created // DAY - _FIRST_DAY, 0, table.shape[1] - 1)
    agent = table[rng.integers(len(table), size=len(created)), day]
    while (empty := np.flatnonzero(agent < 0)).size:
        agent[empty] = table[rng.integers(len(table), size=empty.size), day[empty]]
    return agent


def _categories(rng: Generator, kind: np.ndarray) -> np.ndarray:
    usual = rng.choice(4, len(kind), p=[0.18, 0.26, 0.26, 0.30])
    return np.where((kind == KINDS.index("billing")) & (rng.random(len(kind)) < 0.8), 0, usual)


def _requesters(rng: Generator, desk: HelpDesk, drawn: Drawn) -> list[int]:
    luck = rng.random(len(drawn.account))
    chosen = []
    for account, at, chance in zip(drawn.account.tolist(), drawn.created.tolist(), luck.tolist(), strict=True):
        known = [user for user, created in desk.requesters_of[account] if created < at]
        chosen.append(known[int(chance * len(known))])
    return chosen
