"""The door to a Dask cluster that is running already."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.scenario.problems import InputError, Problem
from sim.study.made_with import made_with

if TYPE_CHECKING:
    from distributed import Client

PATIENCE_SECONDS = 6.0


@contextmanager
def dask_cluster(address: str) -> Iterator[Executor]:
    """Have a running Dask cluster as an executor, for as long as the block lasts.

    Parameters
    ----------
    address
        Of its scheduler, as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    InputError
        If there is no scheduler at this address, it has no workers, they cannot load Plimsoll, or
        Dask is not installed here.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError(
            Problem(
                "to use a cluster, Dask must be installed",
                path="cluster",
                remedy="pip install 'plimsoll-workforce[cluster]'",
            )
        ) from None
    for name in ("distributed", "distributed.client"):  # we say ourselves what is wrong
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with ThreadPoolExecutor(1) as thread:  # a notebook's own thread has a loop already
        problem = thread.submit(asyncio.run, _knock(address)).result()
    if problem:
        raise InputError(
            Problem(
                f"there is no Dask scheduler that answers here: {problem}",
                path="cluster",
                given=repr(address),
                accepted="the address that the scheduler printed when it was started, as "
                "tcp://10.0.0.5:8786",
            )
        )
    client = Client(address, timeout=PATIENCE_SECONDS, set_as_default=False)
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
        except TimeoutError:
            raise InputError(
                Problem(
                    "the cluster has no workers",
                    path="cluster",
                    given=repr(address),
                    remedy=f"start some: dask worker {address}",
                )
            ) from None
        _refuse_strangers(client, address)
        # Two runs are never the same, so Dask need not look whether it has done one before.
        yield client.get_executor(pure=False)


def _refuse_strangers(client: Client, address: str) -> None:
    """Refuse a cluster that cannot load Plimsoll: Dask's workers would give up without a word."""
    try:
        client.run_on_scheduler(made_with)
        client.run(made_with)
    except Exception as error:
        raise InputError(
            Problem(
                f"the cluster cannot load Plimsoll: {error}",
                path="cluster",
                given=repr(address),
                remedy="install the same version of Plimsoll for its scheduler and its workers",
            )
        ) from None


async def _knock(address: str) -> str:
    """Say why there is no scheduler at an address, or nothing at all if there is one.

    Dask itself would wait for ever for something that takes a connection and is silent.
    """
    from distributed.comm import connect

    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            connection = await connect(address, timeout=PATIENCE_SECONDS)
            await connection.close()
    except TimeoutError:
        return f"no answer in {PATIENCE_SECONDS:g} seconds"
    except (OSError, ValueError) as error:
        return str(error)
    except Exception:  # its answer made no sense
        return "something else does"
    return ""
