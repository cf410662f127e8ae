"""A home on a file system that lacks what a commit needs is refused at the start of a run, with the reason."""

import errno
import fcntl
import os

import pytest

from learning_warehouse import file_system, locks
from learning_warehouse.errors import ConfigurationError


def refuse(*arguments, **options):
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def test_a_folder_on_a_local_disk_is_good_and_nothing_stays_there(tmp_path):
    (tmp_path / file_system.FIRST).write_text("a trial that was killed")
    file_system.require(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("module", "name", "manner", "said"),
    [
        (os, "link", refuse, r"a link is made once .*: Operation not permitted"),
        (os, "link", lambda old, new: None, r"a second link was made over the first"),
        (os, "replace", refuse, r"renamed over another one.*: Operation not permitted"),
        (os, "fsync", refuse, r"written and synced.*: Operation not permitted"),
        (fcntl, "flock", lambda file, how: None, r"two had the same lock"),
    ],
)
def test_what_a_file_system_cannot_do_is_named(module, name, manner, said, tmp_path, monkeypatch):
    (tmp_path / "run").mkdir()
    with monkeypatch.context() as poor:
        poor.setattr(module, name, manner)
        with pytest.raises(ConfigurationError, match=said) as told:
            file_system.require(tmp_path / "run")
    assert str(tmp_path) in told.value.message
    assert list((tmp_path / "run").iterdir()) == []


def test_no_run_starts_on_a_file_system_without_links(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(ConfigurationError, match="Put LW_HOME on a local disk"), locks.alone(tmp_path, "night"):
        pytest.fail("the run has begun")
    monkeypatch.undo()
    with locks.alone(tmp_path, "night"):
        assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["night.lock"]
