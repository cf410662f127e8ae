"""docker-compose.yml without a Docker engine: schema, targets, ports, secrets, and options that Airflow really has."""

import re
import subprocess
import sys

import pytest
import yaml

CELERY_OPTIONS = {"broker_url", "result_backend", "worker_concurrency"}


@pytest.fixture(scope="module")
def compose(repository):
    return yaml.safe_load((repository / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def environment(compose):
    return {
        name: str(value) for service in compose["services"].values() for name, value in service.get("environment", {}).items()
    }


def test_it_fits_the_compose_specification(repository):
    check = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        str(repository / "docker-compose.yml"),
    ]
    answer = subprocess.run(check, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_it_has_the_parts_of_a_grown_up_airflow(compose):
    assert set(compose["services"]) == {"postgres", "redis", "init", "api", "scheduler", "dag-processor", "worker"}


def test_every_part_that_is_waited_for_exists_and_can_reach_its_condition(compose):
    services = compose["services"]
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in services, f"{name} waits for {other}"
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services[other], f"{name} waits for the health of {other}"


def test_ports_are_bound_to_this_machine_only(compose):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_secrets_are_required_and_never_written_down(environment):
    for name, value in environment.items():
        if re.search(r"(PASSWORD|SECRET|FERNET_KEY)(_KEY)?$", name):
            assert re.fullmatch(r"\$\{\w+:\?.+\}", value), name
        if "://" in value and "@" in value:
            assert re.search(r":\$\{\w+:\?[^}]+\}@", value), name


def test_all_parts_share_the_keys_that_each_would_otherwise_invent(environment):
    needed = {"AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__API__SECRET_KEY", "LW_PERSON_KEY_SECRET"}
    assert needed <= set(environment)
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://api:8080/execution/"
    assert environment["AIRFLOW__CORE__LOAD_EXAMPLES"] == "False"


def _unknown(names) -> list[str]:
    from airflow.configuration import conf
    from airflow.providers_manager import ProvidersManager

    ProvidersManager().initialize_providers_configuration()
    known = {section: set(content["options"]) for section, content in conf.configuration_description.items()}
    known["celery"] = known.get("celery", set()) | CELERY_OPTIONS
    options = [name.split("__")[1:] for name in names if name.startswith("AIRFLOW__")]
    assert len(options) > 10
    return [f"{section}.{option}" for section, option in options if option.lower() not in known.get(section.lower(), set())]


def test_every_airflow_option_of_the_compose_file_exists(environment):
    assert _unknown(environment) == []


def test_every_airflow_option_of_the_embedded_home_exists(tmp_path):
    from learning_warehouse import airflow_home
    from learning_warehouse.settings import Settings

    assert _unknown(airflow_home.environment(Settings(home=tmp_path), port=8080)) == []


def test_a_misspelt_option_would_be_noticed():
    from learning_warehouse import airflow_home
    from learning_warehouse.settings import Settings

    names = [*airflow_home.environment(Settings(), port=8080, secret_keys=False), "AIRFLOW__CORE__LOAD_EXAMPELS"]
    assert _unknown(names) == ["CORE.LOAD_EXAMPELS"]


def test_containers_are_locked_down(compose):
    for name, service in compose["services"].items():
        if str(service["image"]).startswith("learning-warehouse"):
            assert service["read_only"] is True, name
            assert service["security_opt"] == ["no-new-privileges:true"], name
            assert service["cap_drop"] == ["ALL"], name


def test_every_vendor_that_is_asked_over_an_api_can_be_given_its_connection(environment):
    from learning_warehouse.connections import SANDBOX

    for vendor in SANDBOX:
        name = f"AIRFLOW_CONN_{vendor.upper()}"
        assert environment[name] == f"${{{name}:-}}"
