"""Write requirements.lock: the exact version of every library, `make test`'s tools included.

Run with the oldest Python that the project supports (3.11), so that each version chosen
installs on the newer ones too. pip resolves without installing anything; only names and
versions are kept, so no address of a package index and no path of this machine gets in.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)

HEADER = """\
# The exact versions that `make install` installs, for Python 3.11 to 3.13 on Linux.
# Written by `make lock`; change pyproject.toml and run that rather than edit this.
"""


def wanted(pyproject: Path) -> list[str]:
    """Read what the project asks for: its dependencies and those of its dev extra."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["dev"]]


def resolve(requirements: list[str]) -> list[str]:
    """Let pip choose a version for each library, as ``name==version`` lines in order of name."""
    with tempfile.TemporaryDirectory() as folder:
        # A fresh environment: what happens to be installed here must not decide.
        venv.create(folder, with_pip=True)
        report = subprocess.run(
            [
                Path(folder, "bin", "python"),
                *("-m", "pip", "--disable-pip-version-check", "install", "--dry-run"),
                *("--only-binary", ":all:", "-qq", "--report", "-"),
                *requirements,
            ],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    chosen = [each["metadata"] for each in json.loads(report.stdout)["install"]]
    return sorted((f"{each['name']}=={each['version']}" for each in chosen), key=str.lower)


def main() -> None:
    if sys.version_info[:2] != OLDEST:
        sys.exit(
            f"The lock is made with the oldest supported Python, {OLDEST[0]}.{OLDEST[1]}, so that "
            f"it fits them all; this is {sys.version.split()[0]}. "
            "Try: make lock PYTHON=python3.11"
        )
    lines = resolve(wanted(ROOT / "pyproject.toml"))
    (ROOT / "requirements.lock").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"requirements.lock: {len(lines)} libraries")


if __name__ == "__main__":
    main()
