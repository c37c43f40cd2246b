"""What the README tells people to type works, as it stands there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SHELL = [line.split("#")[0].strip() for kind, text in BLOCKS if kind == "sh"
         for line in text.splitlines() if line.strip()]  # fmt: skip
PYTHON = [text for kind, text in BLOCKS if kind == "python"]
BESIDE_PYTHON = {
    **os.environ,
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reader")


def told(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, env=BESIDE_PYTHON, capture_output=True, text=True)


def test_commands_work_in_their_order(folder):
    commands = [line for line in SHELL if line.startswith("plimsoll")]
    assert len(commands) >= 3
    for command in commands:
        done = told(shlex.split(command), folder)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
    assert (folder / "results" / "first_try" / "comparisons.csv").exists()


def test_make_targets_exist():
    targets = {line.split()[1] for line in SHELL if line.startswith("make")}
    makefile = (ROOT / "Makefile").read_text()
    assert targets >= {"demo", "test"}
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_example_scenario_is_in_order(folder):
    (text,) = [text for kind, text in BLOCKS if kind == "yaml"]
    (folder / "my_service.yaml").write_text(text)
    done = told(["plimsoll", "check", "my_service.yaml"], folder)
    assert done.returncode == 0, done.stderr
    assert "No problems" in done.stdout


@pytest.mark.parametrize("example", PYTHON, ids=range(len(PYTHON)))
def test_python_examples_run(example, folder):
    # As a file with a guard, since the study starts other processes that import it.
    body = "\n".join(f"    {line}" for line in example.splitlines())
    (folder / "example.py").write_text(f"if __name__ == '__main__':\n{body}\n")
    done = told([sys.executable, "example.py"], folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
