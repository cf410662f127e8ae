"""Environment and company.yml, read once, as frozen objects. The only reader of os.environ.

Environment variables start with LW_ (LW_HOME, LW_SEED, ...); credentials of a vendor come as AIRFLOW_CONN_<VENDOR>, those of a
further tenant as AIRFLOW_CONN_<VENDOR>_<TENANT>.
"""

import os
import re
import secrets
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from learning_warehouse.errors import ConfigurationError, register_secret
from learning_warehouse.yaml_places import place

REPOSITORY = Path(__file__).resolve().parents[2]
TENANT = r"[a-z][a-z0-9]{0,15}"
BUCKET = r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._-]+)*/?"


class Settings(BaseSettings):
    """Where things live and how big the simulated company is. Paths are absolute.

    `drop_folder` is home/drops and `export_folder` home/exports unless set. `storage` is an address such as
    s3://bucket/prefix for everything that is kept by key (raw, typed, admitted, ...); without it that lies in home.
    `notify` holds the addresses that are told when something needs somebody (notifications.py).
    """

    model_config = SettingsConfigDict(env_prefix="LW_", frozen=True, extra="ignore")

    repository: Path = REPOSITORY
    home: Path = REPOSITORY / "var"
    storage: str | None = None
    company_file: Path = REPOSITORY / "company.yml"
    drop_folder: Path = Path()
    export_folder: Path = Path()
    seed: int = 1
    employees: int = Field(default=1500, ge=50)
    accounts: int = Field(default=2000, ge=50)
    person_key_secret: SecretStr | None = None
    airflow_port: int = Field(default=8080, ge=1, le=65535)
    postgres_host: str | None = None
    postgres_port: int = Field(default=5432, ge=1, le=65535)
    postgres_user: str = "lw"
    postgres_database: str = "lw"
    log_level: str = "INFO"
    kill_at: str | None = None
    notify: SecretStr | None = None

    @model_validator(mode="before")
    @classmethod
    def _paths(cls, values: dict[str, Any]) -> dict[str, Any]:
        home = Path(values.get("home") or REPOSITORY / "var").expanduser().absolute()
        company_file = Path(values.get("company_file") or REPOSITORY / "company.yml").expanduser().absolute()
        drop_folder = Path(values.get("drop_folder") or home / "drops").expanduser().absolute()
        export_folder = Path(values.get("export_folder") or home / "exports").expanduser().absolute()
        places = {"home": home, "company_file": company_file, "drop_folder": drop_folder, "export_folder": export_folder}
        return {**values, **places, "storage": values.get("storage") or None}

    @field_validator("storage")
    @classmethod
    def _bucket(cls, address: str | None) -> str | None:
        if address is not None and not re.fullmatch(BUCKET, address):
            raise ValueError("it is no address such as s3://bucket/prefix")
        return address

    def person_key(self) -> bytes:
        """The secret behind all person keys: LW_PERSON_KEY_SECRET, else home/secrets/person_key (made once, mode 0600)."""
        text = self.person_key_secret.get_secret_value() if self.person_key_secret else _stored_person_key(self.home)
        if len(text) < 16:
            raise ConfigurationError("LW_PERSON_KEY_SECRET is shorter than 16 characters.")
        register_secret(text)
        return text.encode()


def _stored_person_key(home: Path) -> str:
    path = home / "secrets" / "person_key"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".person_key.{secrets.token_hex(8)}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def environment() -> dict[str, str]:
    """A copy of the environment for a child process: a child started in a thread must not read it while another one writes."""
    return dict(os.environ)


def connection_id(source: str) -> str:
    """The id of a source's Airflow connection: `zendesk`, and `zendesk_emea` for the tenant zendesk@emea."""
    return source.replace("@", "_")


def connection_variable(source: str) -> str:
    """The environment variable that Airflow and we read that connection from."""
    return f"AIRFLOW_CONN_{connection_id(source).upper()}"


def connection_json(source: str) -> str | None:
    """The JSON of that variable, or None when the environment has none."""
    return os.environ.get(connection_variable(source)) or None


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[int, Field(gt=0)]
Count = Annotated[int, Field(ge=1)]
Names = Annotated[tuple[str, ...], Field(min_length=1)]


class CompanyFacts(_Frozen):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    time_zone: str
    fiscal_year_start_month: int = Field(ge=1, le=12)
    data_from: date

    @model_validator(mode="after")
    def _known_zone(self) -> "CompanyFacts":
        from zoneinfo import available_timezones

        if self.time_zone not in available_timezones():
            raise ValueError(f"time_zone {self.time_zone!r} is not a known time zone such as Europe/Berlin")
        return self


class ChurnRule(_Frozen):
    source_field: str
    horizon_days: Days
    exposure_lead_days: Days


class FirstValueRule(_Frozen):
    source_field: str


class HowToRule(_Frozen):
    ticket_tags: dict[Literal["how_to", "defect", "billing", "request"], tuple[str, ...]]
    category_tag_prefix: str


class TrainedRule(_Frozen):
    course_code_prefixes: Names
    minimum_contacts: int = Field(ge=1)
    minimum_share: Share
    certificate_course_prefixes: tuple[str, ...]


class CompetentRule(_Frozen):
    role_course_prefixes: dict[str, str]
    minimum_score: float = Field(ge=0, le=100)
    horizon_days: Days


class LeaderRule(_Frozen):
    job_titles: tuple[str, ...]


class CourseRule(_Frozen):
    course_code_prefixes: tuple[str, ...]


class Rules(_Frozen):
    churn: ChurnRule
    first_value: FirstValueRule
    how_to: HowToRule
    trained: TrainedRule
    competent: CompetentRule
    leader: LeaderRule
    mandatory: CourseRule


class Parameters(_Frozen):
    """Thresholds of single figures; shares are 0 to 1, minutes and weeks are whole unless said otherwise."""

    micro_minutes: Count = 10
    long_course_minutes: Count = 45
    learning_capacity_minutes_per_week: Annotated[float, Field(gt=0)] = 60
    habit_weeks: Count = 8
    habit_window_weeks: Count = 12
    coaching_threshold: Count = 2
    practice_threshold: Count = 3
    checkbox_completion: Share = 0.8
    checkbox_application: Share = 0.3
    equivalence_margin: Annotated[float, Field(gt=0, lt=1)] = 0.1
    mentoring_target: Count = 2

    @model_validator(mode="after")
    def _habit_fits_its_window(self) -> "Parameters":
        if self.habit_weeks > self.habit_window_weeks:
            raise ValueError("habit_weeks must not be more than habit_window_weeks")
        return self


class TestAccountRule(_Frozen):
    __test__ = False
    email_domains: tuple[str, ...]
    account_name_prefixes: tuple[str, ...]


class Pilot(_Frozen):
    name: str
    outcome: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    primary_horizon_days: Days
    horizons_days: Annotated[tuple[Days, ...], Field(min_length=1)]
    minimum_effect: float = Field(gt=0)

    @model_validator(mode="after")
    def _primary_is_listed(self) -> "Pilot":
        if self.primary_horizon_days not in self.horizons_days:
            raise ValueError("primary_horizon_days must be one of horizons_days")
        return self


class Retention(_Frozen):
    """Days that things are kept; nights count, for logs the age of the file. `raw_days` unset keeps raw for ever."""

    raw_days: Days | None = None
    rejected_days: Days = 30
    quarantine_days: Days = 30
    logs_days: Days = 30


class Company(_Frozen):
    """company.yml as an object; field names are the keys of the file."""

    company: CompanyFacts
    definition_version: int = Field(ge=1)
    sources: dict[str, Literal["simulated", "connected", "exported", "absent"]]
    rules: Rules
    agent_training: dict[str, str]
    owner_training: CourseRule
    test_accounts: TestAccountRule
    public_email_domains: tuple[str, ...]
    pilots: dict[str, Pilot]
    parameters: Parameters = Parameters()
    retention: Retention = Retention()

    @field_validator("sources")
    @classmethod
    def _tenants(cls, sources: dict[str, str]) -> dict[str, str]:
        for name, state in sources.items():
            vendor, sign, tenant = name.partition("@")
            if sign and vendor == "drops":
                raise ValueError(f"{name}: drop files have no tenants; put the files of all of them into one drop folder")
            if sign and not re.fullmatch(TENANT, tenant):
                raise ValueError(f"{name}: a tenant is named by 1 to 16 letters a-z and digits, a letter first: {vendor}@emea")
            if sign and state == "simulated":
                raise ValueError(f"{name}: the sandbox has one tenant of each vendor; write connected, exported or absent")
        return sources

    @property
    def is_simulated(self) -> bool:
        """True while any source still is the bundled sandbox."""
        return "simulated" in self.sources.values()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process. Raises ConfigurationError naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(f"LW_{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors() if item["loc"])
        raise ConfigurationError(f"The environment does not fit. {problems or error}") from None


@lru_cache(maxsize=1)
def company() -> Company:
    """The rules of company.yml. Raises ConfigurationError naming key and line of everything that does not fit."""
    return read_company(settings().company_file)


def read_company(path: Path) -> Company:
    """One company.yml, validated; see `company`."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        return Company.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path.name} is not valid YAML: {error}") from None
    except ValidationError as error:
        lines = [f"  {place(text, item['loc'])}: {item['msg']}" for item in error.errors()]
        raise ConfigurationError("\n".join([f"{path.name} does not fit:", *lines])) from None


def reset_settings() -> None:
    """Forgets what was read, so that a test can change the environment."""
    settings.cache_clear()
    company.cache_clear()
