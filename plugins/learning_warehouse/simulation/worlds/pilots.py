"""Worlds D: teams get content alone or content with coaching by lot; deals of one team resemble each other.

Team sizes 4 to 14, seven of ten coached people take the coaching up, 8 % of people have no deals on record. Coaching adds
`effect` to the chance of a deal of those who take it up, so the average over teams as assigned is 0.7 x effect.
"""

from functools import partial
from typing import Any

import numpy as np

from learning_warehouse.simulation.worlds.base import Planted, Question, World, company_row, moments, names, reached

ASSIGNED = 500.0
UPTAKE = 0.7


def make(teams: int, effect: float, rng: np.random.Generator) -> Planted:
    """One company with one pilot of `teams` teams, its horizon over."""
    treated = rng.permutation(np.arange(teams) % 2 == 0)
    team = np.repeat(np.arange(teams), rng.integers(4, 15, teams))
    people = len(team)
    base = np.clip(rng.normal(0.36, 0.14, teams), 0.05, 0.75)
    takes_up = treated[team] & (rng.random(people) < UPTAKE)
    recorded = rng.random(people) >= 0.08
    before, after = rng.poisson(5, people) * recorded, rng.poisson(3, people) * recorded
    owner = np.concatenate([np.repeat(np.arange(people), before), np.repeat(np.arange(people), after)])
    is_after = np.concatenate([np.zeros(before.sum(), dtype=bool), np.ones(after.sum(), dtype=bool)])
    chance = base[team[owner]] + effect * (is_after & takes_up[owner])
    closed = np.where(is_after, ASSIGNED + rng.uniform(0.01, 89.9, len(owner)), ASSIGNED - rng.uniform(0.01, 179.9, len(owner)))
    keys, members = names("team", teams), names("seller", people)
    tables = {
        "dim_company": company_row(),
        "dim_streams": reached("drops.pilot_assignments", "salesforce.opportunities"),
        "dim_company_pilots": {
            "pilot_id": ["pilot"],
            "pilot_name": ["Pilot"],
            "outcome": ["win_rate"],
            "horizon_days": [90],
            "is_primary": [True],
            "minimum_effect": [0.03],
        },
        "fct_pilot_units": {
            "pilot_id": ["pilot"] * teams,
            "team_key": keys,
            "arm": np.where(treated, "content_and_coaching", "content_only"),
            "assigned_at": moments(np.full(teams, ASSIGNED)),
            "stratum": ["all"] * teams,
            "is_randomized": [True] * teams,
        },
        "fct_pilot_members": {"pilot_id": ["pilot"] * people, "team_key": keys[team], "person_key": members},
        "fct_opportunities": {
            "opportunity_id": names("deal", len(owner)),
            "owner_person_key": members[owner],
            "type": ["new"] * len(owner),
            "amount": np.full(len(owner), 1000.0),
            "currency": ["EUR"] * len(owner),
            "created_at": moments(closed - 30),
            "closed_at": moments(closed),
            "is_closed": [True] * len(owner),
            "is_won": rng.random(len(owner)) < chance,
        },
    }
    return Planted(tables, {"assigned": UPTAKE * effect, "registered": UPTAKE * effect})


_PRIMARY: dict[str, Any] = {"mart": "impact_pilot_effects", "where": "is_headline and outcome = 'win_rate'", "no_effect": 0.0}
_REGISTERED: dict[str, Any] = _PRIMARY | {
    "mart": "impact_estimates",
    "where": "study_id = 'pilot_win_rate' and is_headline",
}

WORLDS = (
    World(
        "D", 21, "40 teams; coaching adds 18 deals in 100 for those who take it up.",
        partial(make, 40, 0.18),
        (
            Question("assigned", **_PRIMARY, power_at_least=0.8, naive_covers_at_most=0.8),
            Question("registered", **_REGISTERED, power_at_least=0.8),
        ),
        weight=0.1,
    ),
    World(
        "D12", 22, "The same with 12 teams.",
        partial(make, 12, 0.18),
        (Question("assigned", **_PRIMARY), Question("registered", **_REGISTERED)),
        weight=0.1,
    ),
    World(
        "D0", 23, "40 teams; coaching changes nothing.",
        partial(make, 40, 0.0),
        (Question("assigned", **_PRIMARY, is_null=True), Question("registered", **_REGISTERED, is_null=True)),
        weight=0.1,
    ),
)  # fmt: skip
