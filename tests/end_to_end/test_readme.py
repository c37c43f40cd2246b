"""What the README tells people to type works, as it stands there."""

import ast
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import sim

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


TARGETS = {line.split()[1] for line in SHELL if line.startswith("make")} | set(
    re.findall(r"`make (\w+)`", README)
)
NOT_RUN = {
    "test": "it is what runs this; its command lines are looked at below",
    "validation": "a quarter of an hour; test_validate_command and test_validate_backtest run its "
    "commands in small, test_validation_page and test_backtest_command make its pages",
}
"""What README.md tells people to make and no test makes, and why. Installation is not repeated
either: the tests run in what it made."""


def made(target: str, folder: Path, *variables: str, start: bool = False) -> list[str]:
    """The command that makes a target with the libraries that are here, from a fresh checkout."""
    stamp = folder / "installed"
    stamp.touch()  # newer than what is to be installed
    how = [] if start else ["--dry-run"]
    return ["make", *how, "-C", str(ROOT), target, f"STAMP={stamp}",
            f"BIN={Path(sys.executable).parent}", *variables]  # fmt: skip


def test_every_target_named_is_made_here_or_has_its_reason():
    done_here = {"demo", "bench", "notebooks"}
    assert done_here | set(NOT_RUN) == TARGETS


def test_the_demo_is_made_and_says_what_readme_shows(folder):
    """In small: the numbers differ from README's, the headings and the order don't."""
    asked = f"DEMO_ARGS=--replications 1 --years 0.1 --jobs 1 --out {folder / 'demo'}"
    done = told(made("demo", folder, asked, start=True), folder)
    assert done.returncode == 0, done.stderr
    (shown,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    lines = shown.splitlines()
    for policy in sim.Study.from_yaml("demo").file.policies:
        name = policy.name.replace("_", " ").capitalize()
        (heading,) = [line for line in lines if line.startswith(f"{name}: ")]
        assert heading in done.stdout, heading
    assert "\n".join(lines[:3]) in done.stdout
    assert (folder / "demo" / "report.html").exists()
    assert "run my_study.yaml" in done.stdout


def test_the_benchmark_is_started(folder):
    """And no more: it measures for minutes, and nothing on a machine that runs tests."""
    done = told(made("bench", folder, "BENCH_ARGS=--help", start=True), folder)
    assert done.returncode == 0, done.stderr
    assert "--rounds" in done.stdout


def test_what_make_test_would_run_checks_style_types_layers_and_every_test(folder):
    done = told(made("test", folder), folder)
    assert done.returncode == 0, done.stderr
    for part in ("ruff check .", "ruff format --check .", "mypy", "lint-imports", "-m pytest -n 2",
                 "--nbmake"):  # fmt: skip
        assert part in done.stdout, part


def test_make_notebooks_opens_jupyterlab_on_them(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
             "--IdentityProvider.token=reader"]  # fmt: skip
    asked += ["--allow-root"] if os.geteuid() == 0 else []
    command = made("notebooks", folder, f"NOTEBOOKS_ARGS={' '.join(asked)}", start=True)
    own = {name: str(folder / name) for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR",
                                                 "JUPYTER_DATA_DIR")}  # fmt: skip
    with (folder / "jupyter.txt").open("w") as said:
        opened = subprocess.Popen(
            command, cwd=folder, env={**BESIDE_PYTHON, **own}, stdout=said,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            listed = answer(f"http://127.0.0.1:{port}/api/contents?token=reader", opened)
            page = answer(f"http://127.0.0.1:{port}/lab?token=reader", opened)
        finally:
            os.killpg(opened.pid, signal.SIGKILL)
            opened.wait()
    names = {each["name"] for each in json.loads(listed)["content"]}
    assert names >= {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert len([name for name in names if re.match(r"[1-6]_.*ipynb$", name)]) == 6
    assert b"JupyterLab" in page


def answer(address: str, server: subprocess.Popen[bytes]) -> bytes:
    """What a server on this machine answers, as soon as it has started."""
    until = time.monotonic() + 240
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=60) as found:
                return found.read()
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"nothing answers at {address}")


def test_python_examples_use_only_what_is_promised():
    """README's, and those of the pages that README sends researchers to."""
    pages = [ROOT / "docs" / name for name in ("clusters.md", "how_sure.md", "why.md")]
    examples = [*PYTHON, *(text for page in pages for text in re.findall(
        r"^```python\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL))]  # fmt: skip
    assert len(examples) > len(PYTHON)
    for example in examples:
        for node in ast.walk(ast.parse(example)):
            if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == "sim":
                assert node.module == "sim"
                assert {each.name for each in node.names} <= set(sim.__all__)
            if isinstance(node, ast.Import):
                assert "sim." not in ", ".join(each.name for each in node.names)


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


GENERATED = (
    r"```.*?```",  # commands, examples, and what the demo printed
    r"!\[.*?\]\(.*?\)",  # the demo's picture in words
    r"^\|.*?$",  # the table of levels
    r"`[^`]*`",
    r"\]\([^)]*\)",
)
GIVEN = {
    "3.11": "of Python", "237": "of the scenario", "2,100": "of the scenario",
    "80": "of the scenario", "20": "seconds, to compile", "47": "a section of the Children Act",
    "2025": "year of the figures", "500,000": "notebook 4's question", "2022": "a year",
}  # fmt: skip
"""Numbers that README says in its own words: none is a result, which would be old soon."""


def test_results_stand_only_where_a_script_puts_them():
    words = README
    for part in GENERATED:
        words = re.sub(part, " ", words, flags=re.DOTALL | re.MULTILINE)
    found = set(re.findall(r"(?<![\w.,])\d[\d.,]*\b", words))
    assert found == set(GIVEN)


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
