"""Judge ``backward_pass``: gradients of drawn graphs, with diamonds, short cuts, 2^60 paths, 20,000 nodes in a row."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from decimal import Context, Decimal, localcontext
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Slip, Tree
from autograder.judging.example import shown

from .exact import REFUSED, decimals, draw_array, draw_number, exact_check, refused, staged

Edges = list[list[Any]]
"""Of one node: pairs [index of the parent, factor as text]."""

LADDER, DEEP = 60, 20_000

ALIASES: list[Edges] = [[], [[0, "1"]], [[0, "1"], [1, "1"]], [[1, "1"], [2, "1"], [2, "-0.25"]]]
"""Where the factor is 1, the pull hands on the very array that it is given."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Small graphs in 50 digits, one in floats, one of arrays, and the two large ones of which the first nodes are shown."""

    def edge(parent: int) -> list[Any]:
        return [parent, draw_number(rng, "0.9", "1.1")]

    def case(name: str, parents: list[Edges], kind: str = "precise", **more: Any) -> Case:
        inputs = {"kind": kind, "parents": parents, "twice": False, "seed": "1", "shown": len(parents)}
        return Case(name, inputs | more)

    def web() -> list[Edges]:
        """Every node uses two or three of those before it, one of them often twice."""
        return [[]] + [[edge(at - 1)] + [edge(int(rng.integers(at))) for _ in range(2)] for at in range(1, 9)]

    diamond = [[], [edge(0)], [edge(0)], [edge(1), edge(2)]]
    # node 2 reaches the output over 3 and directly, so a pass in the order of discovery sends it on too early
    # and the gradient of node 5 is 0, for which node 2 waits all the same
    short_cut = [[], [edge(0)], [edge(1)], [edge(2)], [edge(2), edge(3)], [edge(2)]]
    short_cut.append([edge(1), edge(4), edge(2), [5, "0.5"], [5, "-0.5"]])
    ladder: list[Edges] = [[]]
    for at in range(LADDER):
        ladder.append([edge(at), [at, "-0.25"]])
    return [
        case("chain", [[], [edge(0)], [edge(1)], [edge(2)]]),
        case("diamond", diamond),
        case("short cut", short_cut),
        case("web", web()),
        case("web in floats", web(), "float"),
        case("twice", web(), twice=True, seed=draw_number(rng, "2", "3")),
        case("arrays", ALIASES, seed=draw_array(rng, (2,))),
        case("seed", diamond, seed=draw_number(rng, "2", "3")),
        case("seed of 0", diamond, seed="0"),
        case("alone", [[]], seed=draw_number(rng, "2", "3")),
        case("ladder", ladder, shown=2),
        case("deep", [[]] + [[edge(0)]] + [[[at, "1.0001"]] for at in range(1, DEEP)], shown=2),
    ]


Order = Callable[[Sequence[Edges]], Iterator[int]]


def by_index(parents: Sequence[Edges]) -> Iterator[int]:
    """Children before parents."""
    return iter(range(len(parents) - 1, -1, -1))


def by_postorder(parents: Sequence[Edges], step: int = 1) -> Iterator[int]:
    """Children before parents too: the reverse of a depth-first search's order."""
    order: list[int] = []

    def visit(node: int) -> None:
        for parent, _ in parents[node][::step]:
            if parent not in order:
                visit(parent)
        if node not in order:
            order.append(node)

    visit(len(parents) - 1)
    return reversed(order)


def search(parents: Sequence[Edges], *, take: Callable[[deque[int]], int] = deque.pop, step: int = 1) -> Iterator[int]:
    """In the order of a search: each node when it is first taken from those that were found."""
    waiting, seen = deque([len(parents) - 1]), set()
    while waiting:
        node = take(waiting)
        if node not in seen:
            seen.add(node)
            yield node
            waiting += [parent for parent, _ in parents[node]][::step]


def again(parents: Sequence[Edges]) -> Iterator[int]:
    """Breadth first, and each node as often as it is reached."""
    waiting = deque([len(parents) - 1])
    while waiting:
        yield waiting[0]
        waiting += [parent for parent, _ in parents[waiting.popleft()]]


def added(old: Any, new: Any) -> Any:
    """A new sum."""
    return old + new


def added_in_place(old: Any, new: Any) -> Any:
    """The first contribution is kept as it is, and others are added into it."""
    if isinstance(old, np.ndarray):
        old += new
        return old
    return old + new if old else new


def gradients(
    inputs: Tree,
    *,
    order: Order = by_postorder,
    add: Callable[[Any, Any], Any] = added,
    start: Callable[[Any, Any], Any] = lambda old, seed: seed,
    reset: Callable[[Edges], bool] = lambda edges: True,
    edges: Callable[[Edges], Edges] = lambda edges: edges,
    second: Callable[[list[int]], list[int]] = lambda nodes: nodes,
    pulled: Callable[[Any, Any], Any] = lambda g, seed: g,
    kept: Callable[[bool, Edges], bool] = lambda is_output, edges: True,
) -> list[Any]:
    """The gradients of all nodes after a pass in stages.

    Args:
        inputs: the case.
        order: in which nodes send their gradient on.
        add: a gradient and one contribution to it.
        start: the output's gradient, from its old one and the seed.
        reset: which nodes, by their edges, a call sets to 0 first.
        edges: those of a node that count.
        second: which nodes a second call visits, of those in order.
        pulled: what a node's pulls are given.
        kept: which nodes have a gradient in the end.
    """
    parents = inputs["parents"]
    found: list[Any] = [Decimal(0)] * len(parents)
    for left in reversed(range(1 + inputs["twice"])):
        seed = Decimal(1) if left else decimals(inputs["seed"])
        found = [Decimal(0) if reset(each) else old for each, old in zip(parents, found, strict=True)]
        found[-1] = start(found[-1], seed)
        nodes = [*order(parents)]
        for node in nodes if left or not inputs["twice"] else second(nodes):
            g = pulled(found[node], seed)
            for parent, factor in edges(parents[node]):
                found[parent] = add(found[parent], g if factor == "1" else g * Decimal(factor))
    zero = 0 * decimals(inputs["seed"])
    return [zero + g if kept(edges is parents[-1], edges) else zero for edges, g in zip(parents, found, strict=True)]


def oracle(inputs: Tree) -> dict[str, Any]:
    """The right gradients of the nodes that are shown."""
    with localcontext(Context(prec=70)):  # of 20,000 products
        return {"gradients": gradients(inputs, order=by_index)[: inputs["shown"]]}


def passed(inputs: Tree, **stages: Any) -> dict[str, Any]:
    """The gradients of a pass in stages; none of the large graphs."""
    return {"gradients": gradients(inputs, **stages)} if len(inputs["parents"]) <= LADDER else {}


ORDERS = (by_postorder, partial(by_postorder, step=-1))
WRONG: dict[str, Sequence[dict[str, Any]]] = {
    "overwritten": [{"order": each, "add": lambda old, new: new} for each in (*ORDERS, by_index)],
    "too-early": [
        {"order": partial(search, take=deque.popleft)},  # breadth first
        {"order": search},  # depth first, with a stack
        {"order": partial(search, step=-1)},  # depth first, by recursion
    ],
    "not-reset": [{"reset": lambda edges: False, "order": each} for each in (by_postorder, by_index)],
    "seed-ignored": [{"start": lambda old, seed: 1 + 0 * seed}],
    "sends-again": [{"order": again}],
    "in-place": [{"add": added_in_place, "order": each} for each in (by_postorder, by_index)],
    "seed-added": [{"start": lambda old, seed: old + seed, "reset": lambda edges: False}],
    "subtracted": [{"add": lambda old, new: old - new}],
    "seed-twice": [{"start": lambda old, seed: 2 * seed}],
    "leaves-not-reset": [{"reset": bool}],
    "leaves-reset-only": [{"reset": lambda edges: not edges}],
    "parents-once": [
        {"edges": lambda edges: [*{parent: [parent, factor] for parent, factor in edges}.values()]},
        {"edges": lambda edges: [*{parent: [parent, factor] for parent, factor in reversed(edges)}.values()]},
    ],
    "first-parent-only": [{"edges": lambda edges: edges[:1]}],
    "last-parent-only": [{"edges": lambda edges: edges[-1:]}],
    "pulls-of-the-seed": [{"pulled": lambda g, seed: seed}],
    "pulls-of-one": [{"pulled": lambda g, seed: 1 + 0 * seed}],
    "output-without-gradient": [{"kept": lambda is_output, edges: not is_output}],
    "leaves-only": [{"kept": lambda is_output, edges: not edges}],
    "one-step-only": [
        {"order": lambda parents: iter([len(parents) - 1]), "reset": reset}
        for reset in (lambda edges: True, lambda edges: False)
    ],
    "walks-once-only": [
        {"second": each, "reset": lambda edges: False, "order": order}
        for each in (lambda nodes: [], lambda nodes: nodes[:1])
        for order in (by_postorder, by_index)
    ],
}
"""By the mistake's id: which stages are wrong, in one way or several."""
mistake = Mistakes(staged(passed), beside=__file__)
for name, ways in WRONG.items():
    for stages in ways:
        mistake.listed(name, stages)
mistake.add(refused("paths", "paths", lambda inputs: len(inputs["parents"]) == LADDER + 1))
mistake.add(refused("recursion", "recursion", lambda inputs: len(inputs["parents"]) > DEEP), *REFUSED)


def of_the_seed(inputs: Tree, outputs: Tree) -> Slip | None:
    """What shows with a seed of 0, and at an output that has no parents."""
    found = np.ravel(outputs["gradients"])
    if inputs["seed"] == "0" and found[-1] == 1:
        return Slip("seed-of-zero", "A seed of 0 counts as none at all: 0 is a gradient like any other.")
    if len(inputs["parents"]) == 1 and found[-1] == 0:
        return Slip("output-alone", "An output without parents gets no gradient; it gets the seed there, too.")
    return None


check = partial(exact_check, oracle=oracle)
CHECKS = (
    check("chain", "A chain", share=0.05),
    check("diamond", "Diamonds add up", share=0.2, cases=("diamond", "arrays")),
    check("order", "Every node waits for all of its gradient", share=0.25, cases=("short cut", "web", "web in floats")),
    check("again", "A second call gives the same", share=0.1, cases=("twice",), needs=("chain",)),
    check(
        "seed", "The output's gradient is the seed", share=0.1, cases=("seed", "seed of 0", "alone"), slip=of_the_seed
    ),
    check("ladder", "Sixty diamonds in a row: each node once, not each path", share=0.15),
    check("deep", "Twenty thousand nodes in a row", share=0.15),
)


def described(inputs: Tree) -> str:
    """A small graph as sums of the nodes before, each a letter; a large one by its size."""
    parents, nodes = inputs["parents"], "abcdefg"
    if len(parents) > len(nodes):
        return f"in a graph of {len(parents):,} nodes"
    sums = [" + ".join(f"{shown(float(factor))}·{nodes[parent]}" for parent, factor in edges) for edges in parents[1:]]
    graph = "; ".join(f"{node} = {text}" for node, text in zip(nodes[1:], sums, strict=False))
    seed = shown(1 if inputs["seed"] == "1" else inputs["seed"])
    return f"with `{graph}`, seed = {seed} and gradients in the order {', '.join(nodes[: len(parents)])}"


EXERCISE = Exercise("backward_pass", draw, checks=CHECKS, **mistake.known, seconds=20.0, described=described)
