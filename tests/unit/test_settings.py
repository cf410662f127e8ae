"""Settings and company.yml: read once, refused with the name of what is wrong."""

import stat
from pathlib import Path

import pytest
import yaml

from learning_warehouse.errors import ConfigurationError
from learning_warehouse.settings import REPOSITORY, Settings, company, read_company, reset_settings, settings


def test_paths_follow_the_home(home):
    assert settings().home == home
    assert settings().drop_folder == home / "drops"
    assert settings().company_file == REPOSITORY / "company.yml"


def test_relative_home_becomes_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert Settings(home=Path("here")).home == tmp_path / "here"


def test_wrong_variable_is_named(home, monkeypatch):
    monkeypatch.setenv("LW_EMPLOYEES", "many")
    reset_settings()
    with pytest.raises(ConfigurationError, match="LW_EMPLOYEES"):
        settings()


def test_person_key_is_made_once_and_for_the_owner_only(tmp_path):
    first = Settings(home=tmp_path / "a", person_key_secret=None).person_key()
    assert Settings(home=tmp_path / "a", person_key_secret=None).person_key() == first
    assert len(first) == 64
    assert stat.S_IMODE((tmp_path / "a" / "secrets" / "person_key").stat().st_mode) == 0o600
    assert Settings(home=tmp_path / "b", person_key_secret=None).person_key() != first


def test_short_person_key_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="shorter"):
        Settings(home=tmp_path, person_key_secret="short").person_key()


def test_secrets_are_not_printed(tmp_path):
    assert "hunter2" not in repr(Settings(home=tmp_path, person_key_secret="hunter2-hunter2-hunter2"))


def test_company_of_this_repository_is_valid(home):
    assert company().company.id == "halden"
    assert company().rules.churn.exposure_lead_days == 90
    assert company().is_simulated


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["rules"]["churn"].update(horizon_days="a year"), r"rules.churn.horizon_days \(line \d+\)"),
        (lambda c: c["rules"].pop("trained"), "rules.trained"),
        (lambda c: c["rules"]["trained"].update(minimum_share=20), "rules.trained.minimum_share"),
        (lambda c: c.update(surprise=1), "surprise"),
        (lambda c: c["company"].update(time_zone="Mars/Base"), "time_zone"),
        (lambda c: c["company"].update(id="Halden GmbH"), "company.id"),
        (lambda c: c["sources"].update(zendesk="yes please"), "sources.zendesk"),
        (lambda c: c["pilots"]["discovery-calls"].update(primary_horizon_days=91), "primary_horizon_days"),
        (lambda c: c["parameters"].update(habit_weeks=13), "habit_weeks must not be more"),
        (lambda c: c["parameters"].update(checkbox_completion=80), "parameters.checkbox_completion"),
        (lambda c: c["parameters"].update(micro_minuts=10), "micro_minuts"),
    ],
)
def test_unfit_company_file_names_key_and_line(tmp_path, change, message):
    content = yaml.safe_load((REPOSITORY / "company.yml").read_text())
    change(content)
    path = tmp_path / "company.yml"
    path.write_text(yaml.safe_dump(content))
    with pytest.raises(ConfigurationError, match=message):
        read_company(path)


def test_parameters_left_out_are_those_of_the_file_of_this_repository(tmp_path):
    content = yaml.safe_load((REPOSITORY / "company.yml").read_text())
    del content["parameters"]
    (tmp_path / "company.yml").write_text(yaml.safe_dump(content))
    assert read_company(tmp_path / "company.yml").parameters == read_company(REPOSITORY / "company.yml").parameters


def test_company_file_that_is_no_yaml_or_missing_is_said_plainly(tmp_path):
    (tmp_path / "company.yml").write_text("company: [")
    with pytest.raises(ConfigurationError, match="not valid YAML"):
        read_company(tmp_path / "company.yml")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_company(tmp_path / "none.yml")


def test_unknown_source_name_is_refused(home, tmp_path, monkeypatch):
    from learning_warehouse.sources import streams_of

    content = yaml.safe_load((REPOSITORY / "company.yml").read_text())
    content["sources"] |= {"zendesc": "connected", "absorb": "absent"}
    (tmp_path / "company.yml").write_text(yaml.safe_dump(content))
    monkeypatch.setenv("LW_COMPANY_FILE", str(tmp_path / "company.yml"))
    reset_settings()
    with pytest.raises(ConfigurationError, match="zendesc"):
        streams_of("support")
    del content["sources"]["zendesc"]
    (tmp_path / "company.yml").write_text(yaml.safe_dump(content))
    reset_settings()
    assert streams_of("lms") == []
    assert "zendesk.tickets" in streams_of("support")
