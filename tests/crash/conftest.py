"""One company after its first night, made once a session; each test gets a copy."""

import shutil
from collections.abc import Callable

import pytest
from killed_company import Company


@pytest.fixture(scope="session")
def after_first_night(tmp_path_factory, small_sandbox) -> Company:
    """A company with one published generation, to be copied."""
    company = Company(tmp_path_factory.mktemp("crash") / "first", small_sandbox)
    company.good_night()
    return company


@pytest.fixture(scope="session")
def copy_of(after_first_night, tmp_path_factory, small_sandbox) -> Callable[..., Company]:
    """Gives a copy of that company, or of another one."""

    def copy(company: Company = after_first_night) -> Company:
        home = tmp_path_factory.mktemp("crash") / "home"
        shutil.copytree(company.home, home, symlinks=True)
        return Company(home, small_sandbox)

    return copy
