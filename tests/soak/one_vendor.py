"""One vendor's night in a process of its own, to be killed on its way: land and type every stream, judge, admit.

Arguments: vendor, run id, now. A stream that fails is left to the night that follows.
"""

import sys
from contextlib import suppress
from datetime import datetime

from learning_warehouse import admission, audit
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.landing import land_and_type
from learning_warehouse.sources import SOURCES
from learning_warehouse.storage import storage
from learning_warehouse.streams import RunContext


def main() -> None:
    vendor, run_id, moment = sys.argv[1:]
    source, now = SOURCES[vendor], datetime.fromisoformat(moment)
    for name in source.streams:
        with suppress(LearningWarehouseError):
            land_and_type(f"{vendor}.{name}", RunContext(run_id, now))
    audit.audit(source.domain, run_id, now, storage())
    admission.admit(source.domain, storage())


main()
