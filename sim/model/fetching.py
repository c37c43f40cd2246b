"""Have the next cases fetched from memory while others are worked on.

In a round of thousands of open cases most of the time would pass in waiting for memory, the more
so the larger the service. Asked for some cases ahead, a case is there when its turn comes. To ask
reads nothing and changes nothing.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim.model.compiled import IS_PLAIN_PYTHON

AHEAD = 12  # cases: time enough for memory to answer
HOW = (0, 3, 1)  # as LLVM's `prefetch` asks: to read, into the nearest cache, data


@intrinsic
def _ask_for_line(_typing: Any, table: Any, _row: Any) -> Any:
    """Ask for the line of memory in which a row of a table begins."""

    def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        rows = context.make_array(signature.args[0])(context, builder, arguments[0])
        row_bytes = builder.extract_value(rows.strides, 0)
        number, place = ir.IntType(32), ir.IntType(8).as_pointer()
        start = builder.bitcast(rows.data, place)
        line = builder.gep(start, [builder.mul(arguments[1], row_bytes)])
        asks = ir.FunctionType(ir.VoidType(), [place, number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [place], asks)
        builder.call(prefetch, [line, *map(number, HOW)])
        return context.get_dummy_value()

    return types.void(table, types.intp), write


_ask: Any = _ask_for_line  # compiled code gives it the table and the row only


def _need_not(_table: Any, _row: int) -> None:
    """Ask for nothing: plain Python is far slower than memory."""


# Ask for the line of memory in which a row of a table begins.
fetch_row = _need_not if IS_PLAIN_PYTHON else _ask
