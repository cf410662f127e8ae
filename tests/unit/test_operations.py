"""An operation asked for by a form does what its command does, and a form that lacks a field says which."""

import json
import os
import subprocess
import sys

import pytest

from learning_warehouse.errors import ConfigurationError
from learning_warehouse.operations import OPERATIONS, perform

BY_AIRFLOW = """
import json, sys
from learning_warehouse import airflow_home
from learning_warehouse.settings import settings
airflow_home.use(settings())
from learning_warehouse import tasks
tasks.initialize()
dag = tasks.load_dags()["operate"]
tasks.ByErrorClass.in_a_hurry = True
print(json.dumps([dag.test(run_conf=form).state.value for form in json.loads(sys.argv[1])]))
"""


@pytest.mark.parametrize("name", [name for name, fields in OPERATIONS.items() if fields])
def test_a_form_that_lacks_a_field_says_which(name):
    with pytest.raises(ConfigurationError, match=f"{name} needs {' and '.join(OPERATIONS[name])}"):
        perform({"operation": name})


def test_the_form_ends_with_the_exit_code_and_the_words_of_the_command(stored, capsys):
    form = {"operation": "reset", "source": "zendesk.tickets", "by": "Ann", "why": "history was repaired"}
    assert perform(form) == 0
    assert "zendesk.tickets" in capsys.readouterr().out
    assert perform(form | {"source": "zendesk.tikets"}) == 2
    assert perform({"operation": "backfill", "source": "zendesk", "from": "2026-11-12", "to": "2026-11-10"}) == 2
    assert "is not before" in capsys.readouterr().err
    assert perform({"operation": "janitor"}) == 0


@pytest.mark.slow
def test_an_operation_triggered_in_airflow_is_done_and_a_refused_one_turns_red(tmp_path):
    forms = [
        {"operation": "reset", "source": "zendesk.users", "by": "Ann", "why": "history was repaired"},
        {"operation": "release", "source": "zendesk.users", "by": "Ann", "why": "no load is there"},
    ]
    environment = {**os.environ, "LW_HOME": str(tmp_path / "home"), "LW_PERSON_KEY_SECRET": "a fixed key for tests only"}
    answer = subprocess.run(
        [sys.executable, "-c", BY_AIRFLOW, json.dumps(forms)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert json.loads(answer.stdout.splitlines()[-1]) == ["success", "failed"]
