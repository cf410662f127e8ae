"""Contracts, renewals and the deals of sellers, with the pilot's gain in win rate."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from learning_warehouse.simulation.customers import LAST_DAY, Book, Ownership
from learning_warehouse.simulation.draws import DAY, HOUR, MINUTE, OBSERVED_FROM, Entity, calendar_day, day_number, moment, stream
from learning_warehouse.simulation.learners import account_id
from learning_warehouse.simulation.ledger import Contract, CrmUser, Opportunity, PilotAssignment
from learning_warehouse.simulation.life_courses import LifeCourses, anniversary
from learning_warehouse.simulation.workforce import Workforce

PILOT_ID = "discovery-calls"
PILOT_DAY = day_number(date(2026, 8, 3))
PILOT_AT = PILOT_DAY * DAY + 8 * HOUR
PILOT_GAIN = 0.09
_MONTHLY_DEALS = 2.6
_FIRST_DAY = day_number(OBSERVED_FROM.date())
_CRM_DEPARTMENTS = ("Sales", "Customer Success")


@dataclass(slots=True)
class Pilot:
    """The registered assignment and, by person, whether the seller's team on the assignment day was coached."""

    assignments: list[PilotAssignment]
    coached: dict[int, bool]
    leads: list[tuple[int, bool]]  # person leading the team, coached


def crm_user_id(person: int) -> str:
    """The CRM id of a worker: 18 characters, prefix 005."""
    return f"005Hd{person + 1:013d}"


def build_crm_users(seed: int, workforce: Workforce) -> list[CrmUser]:
    """Everybody who ever works in sales or customer success, from the first day there."""
    rng = stream(seed, Entity.CONTRACTS)
    rows = []
    for number, person in enumerate(workforce.people):
        days = [start for start, _, chair in person.sits if workforce.positions[chair].department.startswith(_CRM_DEPARTMENTS)]
        if days:
            employee = workforce.employees[number]
            created = moment(min(days) * DAY + 5 * HOUR)
            holds_number = bool(rng.random() < 0.9)
            rows.append(CrmUser(crm_user_id(number), employee.employee_id, employee.work_email, holds_number, created))
    return rows


def build_contracts(seed: int, book: Book, lives: LifeCourses, months: list[int]) -> tuple[list[Contract], np.ndarray]:
    """One contract per account and started year, and the paid seats by account and month, array [account, month]."""
    rng = stream(seed, Entity.CONTRACTS)
    rng.random(10_000)
    rows: list[Contract] = []
    seats_by_month = np.zeros((len(book), len(months) - 1))
    starts = np.array(months[:-1])
    price = np.array([480.0, 420.0, 360.0])
    for account in range(len(book)):
        seats = int(book.seats[account])
        start_day = int(book.start_day[account])
        for year in range(6):
            begin, end = anniversary(start_day, year), anniversary(start_day, year + 1)
            if begin >= LAST_DAY + 30 or begin * DAY + 23 * HOUR >= int(lives.churned_at[account]):
                break
            lead = int(rng.integers(3, 15))
            created = max(begin - lead, start_day - 3) * DAY + 10 * HOUR + int(rng.integers(0, 400)) * MINUTE
            value = round(seats * float(price[book.segment[account]]) * float(rng.uniform(0.9, 1.1)), 2)
            rows.append(
                Contract(
                    f"800Hd{len(rows) + 1:013d}",
                    account_id(account),
                    calendar_day(begin),
                    calendar_day(end),
                    12 if book.plan[account] == 1 else 1,
                    seats,
                    value,
                    moment(created),
                )
            )
            at = np.maximum(starts, start_day * DAY)
            seats_by_month[account, (at >= begin * DAY) & (at < end * DAY)] = seats
            growth = 1.05 * book.how_to_level[account] ** 0.10 * rng.lognormal(0, 0.12)
            seats = max(3, round(seats * float(growth)))
    return rows, seats_by_month


def build_pilot(seed: int, workforce: Workforce) -> Pilot:
    """Half of the sales teams of every region draw the coached arm; only teams with a lead and members take part."""
    rng = stream(seed, Entity.PILOT)
    positions = workforce.positions
    pilot = Pilot([], {}, [])
    regions: dict[str, list[int]] = {}
    for index, position in enumerate(positions):
        if position.title == "Team Lead" and position.department.startswith("Sales"):
            regions.setdefault(position.department, []).append(index)
    for region, chairs in regions.items():
        shuffled = [chairs[i] for i in rng.permutation(len(chairs))]
        for place, chair in enumerate(shuffled):
            coached = place < (len(shuffled) + 1) // 2
            lead = positions[chair].occupant(PILOT_DAY)
            if lead is None:
                continue
            members = [
                person
                for index, position in enumerate(positions)
                if position.manager == chair and (person := position.occupant(PILOT_DAY)) is not None
            ]
            pilot.leads.append((lead, coached))
            pilot.coached.update(dict.fromkeys(members, coached))
            arm = "coached" if coached else "content_only"
            pilot.assignments.append(PilotAssignment(PILOT_ID, workforce.employee_id(lead), arm, moment(PILOT_AT), region, True))
    return pilot


def build_opportunities(
    seed: int, book: Book, lives: LifeCourses, ownership: Ownership, workforce: Workforce, pilot: Pilot
) -> list[Opportunity]:
    """Deals of sellers (a founding deal for accounts signed in the observed time among the won ones) and renewals."""
    rng = stream(seed, Entity.SALES)
    deals = _seller_deals(rng, book, lives, workforce, pilot) + _renewals(rng, book, lives, ownership)
    deals.sort(key=lambda deal: (deal.created_at, deal.closed_at, deal.account_id))
    return [
        Opportunity(
            f"006Hd{number:013d}",
            deal.account_id,
            deal.owner_crm_user_id,
            deal.type,
            deal.amount,
            deal.created_at,
            deal.closed_at,
            deal.is_won,
        )
        for number, deal in enumerate(deals, start=1)
    ]


def _seller_deals(
    rng: np.random.Generator, book: Book, lives: LifeCourses, workforce: Workforce, pilot: Pilot
) -> list[Opportunity]:
    chairs: dict[int, float] = {}
    drawn: list[tuple[int, int, bool]] = []  # closing second, person, won
    for number, person in enumerate(workforce.people):
        skill = float(rng.normal(0, 0.03))
        for start, end, chair in person.sits:
            position = workforce.positions[chair]
            if position.title != "Account Executive" or position.manager is None:
                continue
            team = chairs.setdefault(position.manager, float(np.clip(rng.normal(0, 0.055), -0.12, 0.12)))
            begin, until = max(start + 20, _FIRST_DAY), LAST_DAY if end is None else min(end, LAST_DAY)
            if until <= begin:
                continue
            count = int(rng.poisson(_MONTHLY_DEALS * (until - begin) / 30.4))
            closing = rng.integers(begin, until, count) * DAY + 7 * HOUR + rng.integers(0, 10 * 60, count) * MINUTE
            for at, luck in zip(closing.tolist(), rng.random(count).tolist(), strict=True):
                gain = PILOT_GAIN if pilot.coached.get(number, False) and at > PILOT_AT else 0.0
                drawn.append((at, number, luck < 0.30 + team + skill + gain))
    drawn.sort()
    founded = _founding(book, drawn)
    starts, gone = book.start_day * DAY, lives.churned_at
    deals = []
    for row, (at, number, won) in enumerate(drawn):
        account, kind = founded.get(row), "New Business"
        if account is None:
            running = np.flatnonzero((starts < at) & (gone > at))
            account = int(running[rng.integers(len(running))])
            kind = "Expansion" if rng.random() < 0.55 else "New Business"
        seats = int(book.seats[account])
        amount = round(float(seats * 400 * rng.uniform(0.1, 1.2)), 2)
        created = at - int(rng.integers(12, 110)) * DAY - int(rng.integers(0, 300)) * MINUTE
        created = max(created, int(book.created_at[account]) + HOUR)
        deals.append(Opportunity("", account_id(account), crm_user_id(number), kind, amount, moment(created), moment(at), won))
    return deals


def _founding(book: Book, drawn: list[tuple[int, int, bool]]) -> dict[int, int]:
    won = [row for row, deal in enumerate(drawn) if deal[2]]
    founded: dict[int, int] = {}
    place = 0
    for account in range(len(book)):
        start = int(book.start_day[account]) * DAY
        if start < _FIRST_DAY * DAY:
            continue
        while place < len(won) and drawn[won[place]][0] < start - 25 * DAY:
            place += 1
        if place < len(won) and drawn[won[place]][0] < start:
            founded[won[place]] = account
            place += 1
    return founded


def _renewals(rng: np.random.Generator, book: Book, lives: LifeCourses, ownership: Ownership) -> list[Opportunity]:
    deals = []
    for account in np.flatnonzero(book.plan == 1).tolist():
        for year in range(1, 6):
            day = anniversary(int(book.start_day[account]), year)
            gone = int(lives.churned_at[account])
            if day < _FIRST_DAY or day >= LAST_DAY:
                continue
            if gone < day * DAY:
                break
            lost = gone < (day + 1) * DAY
            closed = gone if lost else (day - int(rng.integers(1, 20))) * DAY + 9 * HOUR + int(rng.integers(0, 400)) * MINUTE
            created = day - 100
            amount = round(float(book.seats[account] * 400 * rng.uniform(0.9, 1.2)), 2)
            owner = crm_user_id(ownership.owner_on(account, day - 1))
            opened = moment(created * DAY + 8 * HOUR) + timedelta(minutes=int(rng.integers(0, 500)))
            deals.append(Opportunity("", account_id(account), owner, "Renewal", amount, opened, moment(closed), not lost))
    return deals
