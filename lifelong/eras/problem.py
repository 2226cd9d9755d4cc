"""One regression and one small net that every era trains, with the same start, the same batches, the same rate.

Only NumPy is imported at the top: old libraries run in environments that have no torch.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SPEED = "4 4 7 7 8 9 10 10 10 11 11 12 12 12 12 13 13 13 13 14 14 14 14 15 15 15 16 16 17 17 17 18 18 18 18 19 19 19 20 20 20 20 20 22 23 24 24 24 24 25"
STOPPING = "2 10 4 22 16 10 18 26 34 17 28 14 20 24 28 26 34 34 46 26 36 60 80 20 26 54 32 40 32 40 50 42 56 76 84 36 46 68 32 48 52 56 64 66 54 70 92 93 120 85"
"""Speed of 50 cars in miles an hour and their stopping distance in feet, in the 1920s (M. Ezekiel, *Methods of
Correlation Analysis*, 1930)."""

TIME = "2.4 2.6 3.2 3.6 4 6.2 6.6 6.8 7.8 8.2 8.8 9.6 10 10.2 10.6 11 11.4 13.2 13.6 13.8 14.6 14.8 15.4 15.6 15.8 16 16.2 16.4 16.6 16.8 17.6 17.8 18.6 19.2 19.4 19.6 20.2 20.4 21.2 21.4 21.8 22 23.2 23.4 24 24.2 24.6 25 25.4 25.6 26 26.2 26.4 27 27.2 27.6 28.2 28.4 28.6 29.4 30.2 31 31.2 32 32.8 33.4 33.8 34.4 34.8 35.2 35.4 35.6 36.2 38 39.2 39.4 40 40.4 41.6 42.4 42.8 43 44 44.4 45 46.6 47.8 48.8 50.6 52 53.2 55 55.4 57.6"
ACCELERATION = "0 -1.3 -2.7 0 -2.7 -2.7 -2.7 -1.3 -2.7 -2.7 -1.3 -2.7 -2.7 -5.4 -2.7 -5.4 0 -2.7 -2.7 0 -13.3 -2.7 -22.8 -40.2 -21.5 -42.9 -21.5 -5.4 -59 -71 -37.5 -99.1 -112.5 -123.1 -85.6 -127.2 -123.1 -117.9 -134 -101.9 -108.4 -123.1 -123.1 -128.5 -112.5 -95.1 -53.5 -64.4 -72.3 -26.8 -5.4 -107.1 -65.6 -16 -45.6 4 12 -21.5 46.9 -17.4 36.2 75 8.1 54.9 46.9 16 45.6 1.3 75 -16 69.6 34.8 -37.5 46.9 5.4 -1.3 -21.5 -13.3 30.8 29.4 0 14.7 -1.3 0 10.7 10.7 -26.8 -13.3 0 10.7 -14.7 -2.7 -2.7 10.7"
"""A helmet in a motorcycle crash: milliseconds after the impact, and acceleration in g (B. Silverman, *Journal of the
Royal Statistical Society B* 47, 1985; one reading at each of 94 times)."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Examples in the order that they are taken in, and how to learn from them.

    Attributes:
        x: inputs, [n, 1], mean 0 and standard deviation 1.
        y: targets, [n, 1], likewise.
        start: the weights at first: W [in, out] and b [out] of each layer, with tanh between two layers.
        rate: learning rate of plain gradient descent on the mean squared error of a batch.
        epochs: how often the examples are gone through.
        batch: examples a batch; divides n.
    """

    x: Array
    y: Array
    start: tuple[Array, ...]
    rate: float
    epochs: int
    batch: int

    @property
    def batches(self) -> list[tuple[Array, Array]]:
        """One epoch: pairs of inputs and targets, [batch, 1] each."""
        return [(self.x[i : i + self.batch], self.y[i : i + self.batch]) for i in range(0, len(self.x), self.batch)]

    def steps(self) -> Iterator[tuple[Array, Array]]:
        """The batches of all epochs, one after the other."""
        for _ in range(self.epochs):
            yield from self.batches

    def weights(self) -> list[Array]:
        """A copy of the start, to be trained."""
        return [weight.copy() for weight in self.start]


def cars() -> Problem:
    """The regression: stopping distance from speed, a straight line from nothing."""
    x, y = _examples(SPEED, STOPPING)
    return Problem(x, y, (np.zeros((1, 1)), np.zeros(1)), rate=0.1, epochs=20, batch=10)


def crash() -> Problem:
    """The small net: acceleration from time, through 12 units of tanh."""
    x, y = _examples(TIME, ACCELERATION)
    rng = np.random.default_rng(2002)
    W1 = rng.normal(0, 2, (1, 12))
    b1 = -W1[0] * rng.uniform(-1.7, 1.7, 12)  # so that the units' steps are spread over the data
    W2 = rng.normal(0, 0.3, (12, 1))
    return Problem(x, y, (W1, b1, W2, np.zeros(1)), rate=0.1, epochs=300, batch=47)


def predicted(weights: Sequence[Array], x: Array) -> Array:
    """Outputs [n, 1] of the line (two weights) or the net (four) for inputs [n, 1]."""
    if len(weights) == 2:
        return np.asarray(x @ weights[0] + weights[1])
    W1, b1, W2, b2 = weights
    return np.asarray(np.tanh(x @ W1 + b1) @ W2 + b2)


def by_torch(problem: Problem) -> list[Array]:
    """The weights after training by today's PyTorch, in float64: what every era must reach."""
    import torch  # not there in every environment that this module is read in

    weights = [torch.tensor(weight, requires_grad=True) for weight in problem.start]
    optimizer = torch.optim.SGD(weights, lr=problem.rate)
    for x, y in problem.steps():
        output = torch.from_numpy(x) @ weights[0] + weights[1]
        if len(weights) == 4:
            output = torch.tanh(output) @ weights[2] + weights[3]
        loss = torch.nn.functional.mse_loss(output, torch.from_numpy(y))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return [weight.detach().numpy() for weight in weights]


def difference(mine: Sequence[Array], theirs: Sequence[Array]) -> float:
    """The largest difference between two lists of weights; infinite if anything is missing or not a number."""
    if [np.shape(a) for a in mine] != [np.shape(b) for b in theirs]:
        return float("inf")
    worst = max(float(np.abs(np.asarray(a) - b).max()) for a, b in zip(mine, theirs, strict=True))
    return worst if worst == worst else float("inf")


@dataclass
class Ledger:
    """Who trained the line and the net to which weights, beside PyTorch's.

    Attributes:
        line, net: the two problems.
        entries: by name, the largest differences for the line and for the net, in the order in which they were made.
        truth: PyTorch's weights of the line and of the net; trained now, unless they are given.
    """

    line: Problem = field(default_factory=cars)
    net: Problem = field(default_factory=crash)
    entries: dict[str, tuple[float, float]] = field(default_factory=dict)
    truth: tuple[list[Array], list[Array]] = field(default_factory=lambda: (by_torch(cars()), by_torch(crash())))

    def enter(self, name: str, line: Sequence[Array], net: Sequence[Array]) -> None:
        """Note and print how far these weights (W, b and W1, b1, W2, b2) are from PyTorch's."""
        self._note(name, "weights", line, net)

    def ran(self, name: str, line: Array, net: Array) -> None:
        """Note and print how far these outputs [n, 1] of the trained line and net are from PyTorch's."""
        self._note(name, "outputs", [line], [net])

    def table(self) -> str:
        """All entries so far."""
        width = max(map(len, self.entries), default=0)
        rows = [f"{name:{width}}   {line:.0e}   {net:.0e}" for name, (line, net) in self.entries.items()]
        return "\n".join([f"{'':{width}}   line    net", *rows])

    def _note(self, name: str, kind: str, line: Sequence[Array], net: Sequence[Array]) -> None:
        line_truth, net_truth = self.truth
        if kind == "outputs":
            line_truth, net_truth = [predicted(line_truth, self.line.x)], [predicted(net_truth, self.net.x)]
        line_error, net_error = self.entries[name] = difference(line, line_truth), difference(net, net_truth)
        print(f"{name}: largest difference from PyTorch's {kind}: line {line_error:.0e}, net {net_error:.0e}")


def _examples(inputs: str, targets: str) -> tuple[Array, Array]:
    """Two columns, standardised, in an order that mixes small and large."""
    columns = [np.array(text.split(), dtype=np.float64)[:, None] for text in (inputs, targets)]
    order = np.random.default_rng(0).permutation(len(columns[0]))
    x, y = ((column[order] - column.mean()) / column.std() for column in columns)
    return x, y
