"""Other processes to compute on: those of a Dask cluster, on this machine or on many.

All scheduling is Dask's: what it is given are functions of their argument alone, so that a task
whose worker dies is simply done again by another.
"""

import logging
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from distributed import Client, Future

Tell = Callable[[str, int, int], None]
Function = Callable[[Any, Tell], Any]
Heard = Callable[[int, str, int, int], None]
LOCAL = "local:"
PATIENCE = 15  # seconds to reach a cluster, and for it to have a worker
TRIES = 3  # times that a task whose data were lost with a worker is handed in
_TOPIC = "stepdown"


class ClusterUnavailable(Exception):
    """There is no such cluster to compute on; the text says why."""


class Crew:
    """The workers of a cluster."""

    def __init__(self, client: "Client", *, shares_files: bool) -> None:
        self._client = client
        self.shares_files = shares_files

    @property
    def size(self) -> int:
        """How many workers there are now."""
        return len(self._client.scheduler_info(n_workers=-1)["workers"])

    @property
    def address(self) -> str:
        """Where others reach the same workers."""
        return str(self._client.scheduler_info()["address"])

    def pids(self) -> list[int]:
        """The process of each worker, on its own machine."""
        return list(self._client.run(os.getpid).values())

    def run(
        self, function: Function, tasks: Sequence[Any], heard: Heard
    ) -> Iterator[tuple[int, Any]]:
        """Carry a function out on each task: (its number, result) as they are done.

        The function is given its task and a way to tell how far it is, which ``heard`` hears. What
        the function raises is raised here. ClusterUnavailable where tasks are lost again and again.
        """
        from distributed import as_completed

        self._client.subscribe_topic(_TOPIC, lambda event: heard(*event[1]))
        waiting: dict[Future[Any], int] = {}
        tries = [0] * len(tasks)
        done = as_completed()

        def hand_in(number: int) -> None:
            tries[number] += 1
            future = self._hand_in(function, number, tasks[number])
            waiting[future] = number
            done.add(future)

        try:
            for number in range(len(tasks)):
                hand_in(number)
            for future in done:
                number = waiting.pop(future)
                if future.status in ("cancelled", "lost"):
                    if tries[number] == TRIES:
                        raise ClusterUnavailable("The cluster loses its workers")
                    hand_in(number)
                else:
                    yield number, _result(future)
        finally:
            self._client.cancel(list(waiting))
            self._client.unsubscribe_topic(_TOPIC)

    def _hand_in(self, function: Function, number: int, task: Any) -> "Future[Any]":
        # Where files are shared a task is small. Elsewhere its columns go to a worker directly.
        given = task if self.shares_files else self._client.scatter(task, hash=False)
        return self._client.submit(_carry_out, function, number, given, pure=False)


def _carry_out(function: Function, number: int, task: Any) -> Any:
    from distributed import get_worker

    worker = get_worker()
    return function(task, lambda *told: worker.log_event(_TOPIC, (number, *told)))


def _result(future: "Future[Any]") -> Any:
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker as error:
        raise ClusterUnavailable("The cluster loses its workers") from error


@contextmanager
def cluster(address: str, version: Callable[[], str]) -> Iterator[Crew]:
    """A crew for as long as it is needed: ``local:N`` processes of this machine, or those of the
    Dask scheduler at an address.

    ``version`` is asked of every worker and must say there what it says here.

    ClusterUnavailable where Dask is not installed, nobody answers, or the workers are different.
    """
    if find_spec("distributed") is None:
        raise ClusterUnavailable(
            "Dask is not installed. Install it, for example: pip install 'stepdown[cluster]'"
        )
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    if address.startswith(LOCAL):
        with _of_this_machine(address) as client:
            yield Crew(client, shares_files=True)
        return
    client = _connect(address)
    try:
        _greet(client, address, version)
        yield Crew(client, shares_files=False)
    finally:
        client.close(timeout=PATIENCE)


@contextmanager
def _of_this_machine(address: str) -> "Iterator[Client]":
    from distributed import Client, LocalCluster

    count = address.removeprefix(LOCAL)
    if not count.isdecimal() or not 1 <= int(count) <= 1024:
        raise ClusterUnavailable(f"'{address}' is not a number of processes, such as local:2")
    with _no_interrupts():
        local = LocalCluster(
            n_workers=int(count),
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # any free port, for this machine alone
            memory_limit=None,
            silence_logs=logging.CRITICAL,
        )
    with local, Client(local) as client:
        yield client


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Processes begun meanwhile never heed an interrupt: Ctrl-C at a terminal goes to all of them,
    and it is this one that closes the others."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _connect(address: str) -> "Client":
    from distributed import Client

    try:
        return Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise ClusterUnavailable(f"The cluster at {address} cannot be reached") from error


def _greet(client: "Client", address: str, version: Callable[[], str]) -> None:
    from distributed import TimeoutError as TooLate

    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TooLate as error:
        raise ClusterUnavailable(f"The cluster at {address} has no workers") from error
    try:
        theirs = client.run(version)
    except (ImportError, AttributeError) as error:
        raise ClusterUnavailable(f"The workers at {address} do not have Stepdown") from error
    if set(theirs.values()) != {version()}:
        raise ClusterUnavailable(f"The workers at {address} have another version of Stepdown")
