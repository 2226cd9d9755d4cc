"""Run the threads of a launch a few steps at a time, in an order drawn from a seed.

On a GPU nothing is promised about which thread is ahead of which. So some threads run alone as far as the next barrier
before others have begun, some stop after each access: a kernel that is right only by luck of the order gives wrong
results here. As on a GPU only so many blocks are resident at a time, and the next one starts where one has ended.
"""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from lifelong.cuda.finding import Finding, Kind, report
from lifelong.cuda.host_pointer import HostPointer, host_kind
from lifelong.cuda.launch import Launch
from lifelong.cuda.memory import Array, Row
from lifelong.cuda.place import unravel
from lifelong.cuda.recording import MOST_ACCESSES
from lifelong.cuda.threads import Block, Body, Now, Thread

RESIDENT = 4096
"""Threads of the blocks that run at a time."""

BURSTS = np.array([1, 1, 2, 5, 1000])
"""How many accesses a thread makes before another has its turn; drawn for each turn."""

DEVICE = (Array, Row, HostPointer)


class EndlessLaunch(RuntimeError):
    """The threads do not come to an end."""


class Schedule:
    """The running threads of one launch, each a generator that ``body`` makes.

    Where it is not ``interleaved``, each thread runs for ``burst`` accesses before the next.
    """

    def __init__(self, launch: Launch, body: Callable[[], Body], seed: int, interleaved: bool, burst: int) -> None:
        self._launch, self._body = launch, body
        self._rng = np.random.default_rng(seed)
        self._interleaved, self._burst = interleaved, burst
        self._running: list[Thread] = []
        self._left = MOST_ACCESSES

    def run(self) -> None:
        """Run all threads to their ends.

        Raises:
            EndlessLaunch: the threads made millions of accesses and still go on.
        """
        blocks = self._blocks()
        more = True
        collecting = gc.isenabled()
        gc.disable()  # it would go through millions of records again and again, and find nothing to collect
        try:
            while more or self._running:
                while more and len(self._running) < RESIDENT:
                    new = next(blocks, None)
                    more = new is not None
                    self._running.extend(new or ())
                self._round()
        finally:
            Now.thread = None
            if collecting:
                gc.enable()

    def _blocks(self) -> Iterator[list[Thread]]:
        """The threads of each block, blocks in the order in which they start."""
        launch = self._launch
        size = launch.threads_per_block
        indices = [unravel(number, launch.block) for number in range(size)]
        order = self._rng.permutation(launch.blocks) if self._interleaved else np.arange(launch.blocks)
        for number in order.tolist():
            block = Block(launch, unravel(number, launch.grid), size)
            first = number * size
            yield [Thread(block, index, first + at, self._body().send) for at, index in enumerate(indices)]

    def _round(self) -> None:
        """One turn for every running thread, in a new order."""
        running, self._running = self._running, []
        if not running:
            return
        if self._interleaved:
            order = self._rng.permutation(len(running)).tolist()
            bursts = self._rng.choice(BURSTS, len(running)).tolist()
        else:
            order, bursts = list(range(len(running))), [self._burst] * len(running)
        for at, burst in zip(order, bursts, strict=True):
            thread = running[at]
            if self._turn(thread, burst):
                self._running.append(thread)
        if not self._interleaved:
            self._running.sort(key=lambda thread: thread.number)

    def _turn(self, thread: Thread, burst: int) -> bool:
        """Let a thread make so many accesses; whether it can go on."""
        Now.thread = thread
        send, request = thread.send, thread.request
        self._left -= burst if burst < 1000 else 1
        if self._left < 0:
            raise EndlessLaunch(f"{self._launch.kernel}: {thread.place} and others run and run: a loop without end?")
        try:
            if request is None:
                request = send(None)
            for _ in range(burst):
                if type(request) is int:
                    thread.request = request
                    thread.block.waiting.append((thread, request))
                    self._arrived(thread.block)
                    return False
                if len(request) == 3:
                    array, index, line = request
                    if isinstance(array, DEVICE):
                        request = send(array.read(index, thread, line))
                    elif host_kind(array) and not isinstance(array, list):
                        request = send(HostPointer.found(array).read(index, thread, line))
                    else:
                        request = send(array[index])
                else:
                    value, array, index, line = request
                    if isinstance(array, DEVICE):
                        array.write(value, index, thread, line)
                    elif host_kind(array) and not isinstance(array, list):
                        HostPointer.found(array).write(value, index, thread, line)
                    else:
                        array[index] = value
                    request = send(None)
        except StopIteration:
            thread.block.ended.append(thread)
            self._arrived(thread.block)
            return False
        except Exception as error:
            error.add_note(f"raised by {thread.place} of the kernel {self._launch.kernel}")
            raise
        thread.request = request
        return True

    def _arrived(self, block: Block) -> None:
        """Open the barrier once every thread of the block is there; if some never come, the block never goes on."""
        if not block.waiting or len(block.waiting) + len(block.ended) < block.size:
            return
        if block.ended or len({line for _, line in block.waiting}) > 1:
            self._launch.divergent_barrier(block)
            return
        block.epoch += 1
        for thread, _ in block.waiting:
            thread.request = None
            self._running.append(thread)
        block.waiting = []


def check_shape(kernel: str, what: str, shape: Any) -> tuple[int, int, int]:
    """A grid or a block as (x, y, z).

    Raises:
        CudaError: it is none that a GPU can run.
    """
    sides = tuple(shape) if isinstance(shape, tuple | list) else (shape,)
    most = (1024, 1024, 64) if what == "block" else (2**31 - 1, 65535, 65535)
    problem = ""
    if not 1 <= len(sides) <= 3:
        problem = "has one, two or three sides"
    for side, limit in zip(sides, most, strict=False):
        if isinstance(side, bool) or not isinstance(side, int | np.integer):
            problem = "is made of whole numbers (// divides without a fraction; how do you round up?)"
        elif not 1 <= side <= limit:
            problem = f"has sides of at least 1 and at most {most}"
    numbers = [int(side) for side in sides] if not problem else []
    if what == "block" and not problem and int(np.prod(numbers)) > 1024:
        problem = f"has at most 1024 threads, not {int(np.prod(numbers))}"
    if problem:
        text = f"{kernel}[grid, block]: the {what} is {shape!r}, but a {what} {problem}."
        report([Finding(Kind.LAUNCH, text, kernel)])
        return (0, 0, 0)
    x, y, z = [*numbers, 1, 1][:3]
    return (x, y, z)
