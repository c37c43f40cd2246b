"""Compile without negative indices: a row of a table is counted from the front only.

In Python `table[-1]` is the last row. For each index numba therefore compiles a question whether
it is negative, and a sum if so; in a working day that reads tables and does little else, these
take nearly a tenth of the time. No index that the model works out is negative (a row that may be
`NOBODY` is asked about first), so they are left out: numba's compiler is told, between finding
out the types and writing the code, that these indices have no sign. A number written as it is,
`ordered[-1]`, still counts from the back. See
docs/decisions/0016-rows-are-counted-from-the-front.md.
"""

from __future__ import annotations

from typing import Any

from numba.core import ir, types
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import FunctionPass, register_pass
from numba.core.typed_passes import NoPythonSupportedFeatureValidation

NO_SIGN = {types.intp: types.uintp}


def _without_sign(index: Any) -> Any:
    """The type of an index, or of a tuple of them, with no negative numbers."""
    if isinstance(index, types.UniTuple | types.Tuple):
        return types.Tuple([_without_sign(each) for each in index])
    return NO_SIGN.get(index, index)


@register_pass(mutates_CFG=False, analysis_only=False)
class CountFromTheFront(FunctionPass):
    """Have every index that is worked out, of every table, taken for one without a sign."""

    _name = "count_from_the_front"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Change what the function's reads and writes of tables are called with."""
        new = {}
        for use, call in state.calltypes.items():
            reads = isinstance(use, ir.Expr) and use.op == "getitem"
            if (reads or isinstance(use, ir.SetItem)) and isinstance(call.args[0], types.Array):
                table, index, *value = call.args
                new[use] = call.replace(args=(table, _without_sign(index), *value))
        state.calltypes.update(new)
        return bool(new)


class FromTheFront(CompilerBase):
    """Numba's own compiler with one step more."""

    def define_pipelines(self) -> list[Any]:
        """Put the step after the last one that may still change reads and writes."""
        steps = DefaultPassBuilder.define_nopython_pipeline(self.state)
        steps.add_pass_after(CountFromTheFront, NoPythonSupportedFeatureValidation)
        steps.finalize()
        return [steps]
