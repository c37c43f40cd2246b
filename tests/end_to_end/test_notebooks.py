"""The notebooks as they are kept: executed, small, and free of where they were executed.

That they run is checked by nbmake (`make test`); these tests only read.
"""

import ast
import json
import re
from pathlib import Path

import pytest

import sim

pytestmark = pytest.mark.end_to_end

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LARGEST = 300_000  # bytes
FOREIGN = re.compile(
    r"(?<![\w.<])/(?:home|root|tmp|usr|opt|var|work|mnt|Users)/"  # absolute paths
    r"|[A-Z]:\\\\|file://|(?:https?|tcp)://(?!www\.w3\.org/)"  # but for the names of SVG
)
PUBLIC = {"altair", "distributed", "pandas", "pathlib"}  # beside what sim and forecasting promise
PATHS_AND_PICTURES = ("text/plain", "text/html", "image/svg+xml")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


def code_of(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def text_of(cell):
    return "".join(cell["source"])


def outputs_of(notebook):
    return [output for cell in code_of(notebook) for output in cell["outputs"]]


def test_there_are_some():
    assert [path.name[0] for path in NOTEBOOKS][:6] == list("123456")


def test_they_were_executed_from_the_first_cell_to_the_last(notebook):
    counts = [cell["execution_count"] for cell in code_of(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_nothing_went_wrong(notebook):
    for output in outputs_of(notebook):
        assert output["output_type"] != "error"
        assert output.get("name") != "stderr", "".join(output["text"])


def test_outputs_do_not_say_where_they_were_made(notebook):
    for output in outputs_of(notebook):
        found = FOREIGN.search(json.dumps(output))
        assert not found, found
        assert not output.get("metadata")
        assert set(output.get("data", {})) <= set(PATHS_AND_PICTURES)
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert notebook["metadata"]["language_info"] == {"name": "python"}
    assert not any(cell["metadata"] for cell in notebook["cells"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_they_are_small(path):
    assert path.stat().st_size < LARGEST


def test_they_use_only_what_is_promised(notebook):
    for cell in code_of(notebook):
        for node in ast.walk(ast.parse(text_of(cell))):
            if isinstance(node, ast.Import):
                assert {name.name for name in node.names} <= PUBLIC
            elif isinstance(node, ast.ImportFrom):
                names = {name.name for name in node.names}
                promised = {"sim": set(sim.__all__), "forecasting": {"Forecast"}}
                assert node.module in PUBLIC or names <= promised[node.module], node.module


def test_they_read_like_a_story(notebook):
    """A title, the question first, and at the end what can and can't be concluded."""
    prose = [text_of(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    assert re.match(r"# \d\. \w", prose[0])
    assert "**The question.**" in prose[0]
    headings = re.findall(r"^## (.+)$", "\n".join(prose), re.MULTILINE)
    assert headings[-1] == "What can and can't be concluded"
    in_a_row = 0
    for cell in notebook["cells"]:  # code is never left without words for long
        in_a_row = in_a_row + 1 if cell["cell_type"] == "code" else 0
        assert in_a_row <= 2, text_of(cell)


GIVEN = {
    "1": {},
    "2": {"65": "ages", "153": "authorities of England", "400": "paths, set above"},
    "3": {"95": "ranges", "97.5": "one side of them", "99": "words", "80": "words", "100": "words",
          "0": "the line", "500,000": "notebook 4's question"},
    "4": {"95": "ranges", "100,000": "per pound", "500,000": "the question"},
    "5": {"95": "ranges", "0": "in a range"},
    "6": {"1917": "Erlang's year", "15": "a leaving probability", "95": "ranges", "100": "of tries",
          "2021": "a year", "2022": "a year", "30": "September", "1": "of a ratio"},
}  # fmt: skip
"""Numbers in prose, and why the model's next version does not change them. A number that a run gave
stands in an output, where it is made anew with each run."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_number_in_prose_is_a_result(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = "\n".join(text_of(cell) for cell in cells if cell["cell_type"] == "markdown")
    words = re.sub(r"`[^`]*`|\]\([^)]*\)|^#+ \d\.|^\d\. ", " ", prose, flags=re.MULTILINE)
    found = set(re.findall(r"(?<![\w.,])−?\d[\d.,]*(?!\w)", words))
    assert {each.rstrip(".,") for each in found} == set(GIVEN[path.name[0]])


def test_studies_run_as_often_as_prose_says():
    """Where a notebook says in words how often and how long, its study says the same."""
    said = {"3_staffing_policies": ("staffing_policies", "a year", "ten times"),
            "4_half_a_million_pounds": ("half_a_million", "two years", "eight times")}  # fmt: skip
    words = {"a year": 1, "two years": 2, "ten times": 10, "eight times": 8}
    for notebook, (study, years, times) in said.items():
        prose = (FOLDER / f"{notebook}.ipynb").read_text(encoding="utf-8")
        assert years in prose
        assert times in prose
        file = sim.Study.from_yaml(FOLDER / f"{study}.yaml").file
        assert (file.years, file.replications) == (words[years], words[times])


def test_links_lead_somewhere(notebook):
    prose = "\n".join(text_of(cell) for cell in notebook["cells"])
    for target in re.findall(r"\]\(([^)#]+)\)", prose):
        assert (FOLDER / target).exists(), target
    for target in re.findall(r"`((?:docs|configs)/[\w./]+)`", prose):
        assert (FOLDER.parent / target).exists(), target


def test_charts_have_a_description(notebook):
    """Every picture says in words what it shows: in its title, and what is drawn by hand more."""
    for cell in code_of(notebook):
        source = text_of(cell)
        if "alt.layer(" in source or "alt.Chart(" in source:
            assert "description=" in source


def test_the_readme_of_the_folder_lists_them():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in (*NOTEBOOKS, *FOLDER.glob("*.yaml")):
        assert f"({path.name})" in readme, path.name
