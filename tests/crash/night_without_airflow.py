"""One whole night of the small company in this process, step after step; prints the row hashes of what it published."""

import json

from learning_warehouse import simulated, steps
from learning_warehouse.generations import row_hashes
from learning_warehouse.settings import settings


def main() -> None:
    now = simulated.next_night(settings().home)
    steps.land_streams(None, None, print)
    steps.audit_and_admit(None)
    steps.build_layers(None, print)
    generation = steps.publish_generation()
    simulated.finish_night(settings().home, now)
    print(json.dumps(row_hashes(generation.path)))


main()
