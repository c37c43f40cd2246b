"""Execute the notebooks in place, so that what they show is what the code gives now.

What differs from machine to machine is left out: paths, times of execution, versions of the kernel.
Names of notebooks as arguments: only these. `--check` writes nothing, and says which of them show
something else than the code gives now.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SECONDS = 600  # for one cell, at most


def executed(path: Path) -> str:
    """The notebook with the outputs that its code gives now, as text."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=SECONDS, record_timing=False, coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()  # fmt: skip
    notebook.metadata = METADATA
    for cell in notebook.cells:
        cell.metadata = {}
    return nbformat.writes(notebook) + "\n"


def main() -> int:
    names = [Path(name).stem for name in sys.argv[1:] if not name.startswith("-")]
    paths = [path for path in sorted(FOLDER.glob("*.ipynb")) if not names or path.stem in names]
    differing = []
    for path in paths:
        text = executed(path)
        if text == path.read_text(encoding="utf-8"):
            continue
        differing.append(path.name)
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
    if not differing:
        print("The notebooks show what the code gives.")
        return 0
    print(f"{'Differ' if '--check' in sys.argv else 'Written'}: {', '.join(differing)}")
    return int("--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
