"""The built wheel works by itself: installed in a clean environment, it runs the demo study.

The environment is a new one, with no access to this one's packages. Installing all libraries
into it anew would take minutes, so those that the wheel declares, and those that these declare
in turn, are linked into it from here, and nothing else: a library that the code imports and
pyproject.toml forgets is missing there, as it would be on a planner's machine. The project
itself is installed by pip from the wheel, and everything runs outside the source tree.
"""

import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

pytestmark = pytest.mark.end_to_end

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command with nothing of this environment in sight; its output."""
    hidden = ("PYTHON", "VIRTUAL_ENV", "COVERAGE", "PYTEST", "NUMBA")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source tree as it is."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check")
    run(*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("plimsoll_workforce-*.whl")
    return built


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment that holds the wheel and the libraries it declares."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, symlinks=True)
    bin_ = folder / "bin"
    pip = (sys.executable, "-m", "pip", "--python", bin_ / "python", "install")
    run(*pip, "--quiet", "--disable-pip-version-check", "--no-deps", wheel, cwd=folder)
    site = run(
        bin_ / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder
    )
    for library in declared(wheel):
        link(library, Path(site.strip()))
    return folder


def declared(wheel: Path) -> list[Distribution]:
    """The libraries that the wheel requires without extras, and all that these require."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        metadata = archive.read(name).decode()
    asked = [Requirement(text) for text in re.findall(r"(?m)^Requires-Dist: (.+)$", metadata)]
    extras_of = [(each, "") for each in asked]
    found: dict[tuple[str, str], Distribution] = {}
    while extras_of:
        requirement, extra = extras_of.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        try:
            library = distribution(requirement.name)
        except PackageNotFoundError:
            pytest.fail(f"{requirement.name} is declared, but not installed: run make install")
        for wanted in ("", *requirement.extras):
            if (requirement.name.lower(), wanted) not in found:
                found[requirement.name.lower(), wanted] = library
                extras_of += [(Requirement(text), wanted) for text in library.requires or ()]
    return list(found.values())


def link(library: Distribution, site: Path) -> None:
    """Make a library's modules and metadata visible in the folder `site`."""
    tops = {path.parts[0] for path in library.files or ()} - {"..", "__pycache__"}
    for top in tops:
        if not (site / top).exists():
            (site / top).symlink_to(Path(str(library.locate_file(top))))


def test_the_wheel_holds_the_code_and_the_shipped_configuration(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"sim/cli/__init__.py", "sim/py.typed", "forecasting/__init__.py"} <= names
    configs = [path for path in (ROOT / "configs").rglob("*") if path.is_file()]
    assert configs
    assert {f"sim/{path.relative_to(ROOT)}" for path in configs} <= names
    assert not [name for name in names if "__pycache__" in name]
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"sim", "forecasting"}


def test_nothing_undeclared_is_in_the_clean_environment(clean):
    python = clean / "bin" / "python"
    where = "import sim, importlib.util as u; print(sim.__file__, u.find_spec('pytest'))"
    path, pytest_spec = run(python, "-c", where, cwd=clean).split()
    assert Path(path).is_relative_to(clean)
    assert pytest_spec == "None"


def test_the_demo_study_runs_by_name_from_another_folder(clean, tmp_path):
    plimsoll = clean / "bin" / "plimsoll"
    small = ("--replications", "1", "--years", "0.2", "--jobs", "1")
    printed = run(plimsoll, "run", "demo", *small, "--out", tmp_path / "found", cwd=tmp_path)
    assert printed.strip()
    manifest = json.loads((tmp_path / "found" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest
    for file in (
        "outcomes.parquet",
        "comparisons.csv",
        "team_weeks.parquet",
        "worker_loads.parquet",
    ):
        assert (tmp_path / "found" / file).stat().st_size > 0
