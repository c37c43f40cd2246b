"""The rule that each test says its kind, tried on small suites of their own."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

CONFTEST = Path(__file__).parents[1] / "conftest.py"


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    """An empty suite that follows this project's rule."""
    pytester.makeini("[pytest]\naddopts = --strict-markers -p no:nbmake")
    pytester.makeconftest(CONFTEST.read_text(encoding="utf-8"))
    return pytester


def test_a_test_without_a_kind_fails_the_collection(suite):
    suite.makepyfile(
        test_some="""
        import pytest

        @pytest.mark.unit
        def test_marked(): pass

        @pytest.mark.parametrize("x", [1])
        def test_forgotten(x): pass
        """,
        test_other="""
        class TestClass:
            def test_method_forgotten(self): pass
        """,
    )
    result = suite.runpytest_inprocess()
    result.assert_outcomes(errors=2)
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(
        [
            "Each test has a mark that says its kind, one of unit, property, behaviour, theory, "
            "metamorphic, back, end_to_end*",
            "*test_other.py::TestClass::test_method_forgotten",
            "*test_some.py::test_forgotten[[]1[]]",
        ],
    )
    result.stdout.no_fnmatch_line("*test_some.py::test_marked")


def test_the_rule_holds_when_tests_run_in_several_processes(suite):
    suite.makepyfile(test_some="def test_forgotten(): pass")
    result = suite.runpytest_subprocess("-n", "2")
    assert result.ret != 0
    result.stdout.fnmatch_lines(["*test_some.py::test_forgotten"])


@pytest.mark.parametrize(
    "kind", ["unit", "property", "behaviour", "theory", "metamorphic", "back", "end_to_end"]
)
def test_each_kind_is_enough_on_a_test_a_class_or_a_file(suite, kind):
    suite.makepyfile(
        test_decorated=f"""
        import pytest

        @pytest.mark.{kind}
        def test_one(): pass

        @pytest.mark.{kind}
        class TestClass:
            def test_two(self): pass
        """,
        test_file=f"""
        import pytest
        pytestmark = [pytest.mark.{kind}, pytest.mark.filterwarnings("ignore")]

        def test_three(): pass
        """,
    )
    suite.runpytest_inprocess().assert_outcomes(passed=3)


def test_another_mark_is_not_a_kind(suite):
    suite.makepyfile("import pytest\n@pytest.mark.skip(reason='later')\ndef test_one(): pass")
    result = suite.runpytest_inprocess()
    result.assert_outcomes(errors=1)


def test_a_misspelt_kind_fails_the_collection(suite):
    suite.makepyfile("import pytest\n@pytest.mark.unti\ndef test_one(): pass")
    result = suite.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*'unti' not found in `markers` configuration option*"])
