"""A Dask cluster as a place where submissions are graded; its workers need this package and bubblewrap.

The submissions and the course's secret seed travel to the workers: outside a trusted network by ``tls://`` only.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from autograder.grading.worker import close_workers

PATIENCE = "10s"
"""How long a scheduler has to answer."""

INSTALL = "Grading on a cluster needs Dask: pip install 'lifelong[cluster]', here and on every worker."


class ClusterError(RuntimeError):
    """The cluster cannot be used, or no longer; the message says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """An existing cluster.

    Attributes:
        address: its scheduler's, e.g. ``"tcp://10.0.0.1:8786"``.
        slots: threads of all its workers together when it was looked at.
        deaths: what stands in a future whose worker has died once too often.
    """

    address: str
    slots: int
    deaths: tuple[type[BaseException], ...]

    @classmethod
    def at(cls, address: str) -> Cluster:
        """The cluster with its scheduler at this address.

        Raises:
            ClusterError: Dask is not installed, nobody answers there, or the cluster has no workers.
        """
        try:
            from distributed.scheduler import KilledWorker
        except ImportError:
            raise ClusterError(INSTALL) from None
        with _client(address) as client:
            slots = sum(client.nthreads().values())
        if not slots:
            raise ClusterError(f"The cluster at {address} has no workers: start some with `dask worker {address}`.")
        return cls(address, slots, (KilledWorker,))

    @contextmanager
    def open(self) -> Iterator[Executor]:
        """The cluster's executor; at the end the sandboxes on its workers are closed."""
        with _client(self.address) as client:
            executor = client.get_executor()
            try:
                yield executor
            except (CancelledError, OSError):  # what futures and submit say of a scheduler that has gone
                raise ClusterError(
                    f"The cluster at {self.address} is gone. What it had graded is kept: run it again to go on."
                ) from None
            finally:
                with suppress(Exception):  # the cluster itself may be gone, and its sandboxes with it
                    executor.shutdown(wait=False)
                    client.run(close_workers)

    def alone(self) -> Cluster:
        """The same: one submission is only ever on one worker."""
        return self


@contextmanager
def _client(address: str) -> Iterator[Any]:
    from distributed import Client

    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(f"No Dask scheduler answers at {address}: {error}") from None
    try:
        yield client
    finally:
        client.close()
