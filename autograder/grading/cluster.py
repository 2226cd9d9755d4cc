"""A Dask cluster as a place where submissions are graded; its workers need this package and bubblewrap.

The submissions and the course's secret seed travel to the workers, and whoever can speak to a scheduler runs code of
their own on it, on its workers and here: so it is at a loopback address or speaks TLS, unless the instructor vouches for
the network. Results come back as JSON; Dask itself pickles exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

PATIENCE = "10s"
"""How long a scheduler has to answer."""

INSTALL = "Grading on a cluster needs Dask: pip install 'lifelong[cluster]', here and on every worker."

OPEN = "{} is not encrypted, and whoever reaches it can read the submissions and run code as you: use tls://… with certificates (in Dask's settings distributed.comm.tls, or DASK_DISTRIBUTED__COMM__TLS__CA_FILE and the like), or tcp://127.0.0.1:… through an SSH tunnel; --trusted-network allows it where nobody else is in that network."


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
    def at(cls, address: str, trusted_network: bool = False) -> Cluster:
        """The cluster with its scheduler at this address.

        Args:
            address: ``tls://…``, or ``tcp://…`` at a loopback address.
            trusted_network: whether ``tcp://…`` may lead to another machine.

        Raises:
            ClusterError: it is open to a network, Dask is not installed, nobody answers, or there are no workers.
        """
        if not (trusted_network or is_private(address)):
            raise ClusterError(OPEN.format(address))
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
    def open(self, leave: Callable[[], object] | None = None) -> Iterator[Executor]:
        """The cluster's executor; at the end its workers, which others may use as well, do what is to be done then."""
        with _client(self.address) as client:
            executor = client.get_executor()
            try:
                yield executor
            except (CancelledError, OSError):  # what futures and submit say of a scheduler that has gone
                message = f"The cluster at {self.address} is gone. What it had graded is kept: run it again to go on."
                raise ClusterError(message) from None
            finally:
                with suppress(Exception):  # the cluster itself may be gone, and its sandboxes with it
                    executor.shutdown(wait=False)
                    if leave is not None:
                        client.run(leave)

    def alone(self) -> Cluster:
        """The same: one submission is only ever on one worker."""
        return self


def is_private(address: str) -> bool:
    """Whether a scheduler's address is encrypted or of this machine alone."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")  # as Dask reads it
    with suppress(ValueError):
        return parts.scheme == "tls" or parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    return False


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
