"""Examples are the same on every machine and nothing is timed; LW_PROPERTIES=all draws twenty times as many, each time others."""

import os

from hypothesis import HealthCheck, settings

SLOW_MACHINES = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large]}
settings.register_profile("sample", derandomize=True, **SLOW_MACHINES)
settings.register_profile("all", max_examples=2000, **SLOW_MACHINES)
settings.load_profile("all" if os.environ.get("LW_PROPERTIES") == "all" else "sample")
