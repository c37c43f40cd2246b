"""What tests of the command line share."""

from __future__ import annotations

import contextlib
import io
from unittest import mock

import pytest

from sim.cli import main


@pytest.fixture
def plimsoll(folder, monkeypatch):
    """Run a command in the test's `folder`; give its exit code, and what it says on both sides."""
    monkeypatch.chdir(folder)

    def run(*arguments: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with (
            mock.patch("sys.argv", ["plimsoll", *arguments]),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            main()
        return int(ended.value.code or 0), out.getvalue(), err.getvalue()

    return run
