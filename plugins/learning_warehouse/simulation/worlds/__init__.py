"""Companies whose true answers are known: one module per family of mechanisms, all listed in WORLDS.

Each company is written as core tables, so a world tests the estimators and not the plumbing; `learning_warehouse.worlds` runs
the marts over hundreds of them and compares.
"""

from learning_warehouse.simulation.worlds import attrition, coaching, competency, customers, gaming, pilots, tickets
from learning_warehouse.simulation.worlds.base import Planted, Question, World

WORLDS: dict[str, World] = {
    world.name: world
    for family in (customers, tickets, pilots, competency, attrition, coaching, gaming)
    for world in family.WORLDS
}

__all__ = ["WORLDS", "Planted", "Question", "World"]
