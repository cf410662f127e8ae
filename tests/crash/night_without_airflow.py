"""A night of the small company in this process, step after step, or only the steps that are named: land audit build publish.

Prints the row hashes of what it published, or of the marts it built if it does not publish.
"""

import json
import sys

from learning_warehouse import simulated, steps, transform
from learning_warehouse.generations import row_hashes
from learning_warehouse.settings import settings

STEPS = ("land", "audit", "build", "publish")


def main(asked: tuple[str, ...]) -> None:
    now, shown = simulated.next_night(settings().home), transform.warehouse_file()
    if "land" in asked:
        steps.land_streams(None, None, print)
    if "audit" in asked:
        steps.audit_and_admit(None)
    if "build" in asked:
        steps.build_layers(None, print)
    if "publish" in asked:
        shown = steps.publish_generation().path
        simulated.finish_night(settings().home, now)
    print(json.dumps(row_hashes(shown) if {"build", "publish"} & set(asked) else {}))


main(tuple(sys.argv[1:]) or STEPS)
