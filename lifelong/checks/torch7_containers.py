"""Check of `torch7_containers`: containers of modules, as in Torch7."""

import numpy as np

from lifelong.checks.expect import CheckFailed, Known, Names, expect, lookup


def check(names: Names) -> str:
    """The text's example, a chain of two layers, and a nest."""
    sequential, table = (lookup(names, name, "torch7_containers") for name in ("Sequential", "ConcatTable"))
    linear, identity, join = (names[name] for name in ("nnLinear", "nnIdentity", "nnCAddTable"))
    if sequential().add(identity()) is None:
        raise CheckFailed("add(module) should return the container, so that calls can be chained.")
    x, g = np.array([[1.0, 2.0]]), np.array([[3.0, 5.0]])
    net = sequential().add(table().add(identity()).add(identity())).add(join())
    expect(net.forward(x), [[2, 4]], "2x by a table: net.forward([[1, 2]])")
    known: Known = [([[3, 5]], "The input was used twice: the gradients add up.")]
    expect(net.backward(x, g), [[6, 10]], "2x by a table: net.backward([[1, 2]], [[3, 5]])", known)
    expect(g, [[3, 5]], "the gradient that was given (add up in a new array)")
    fork = table().add(linear([[2, 0], [0, 2]], [0, 0])).add(identity())
    expect(fork.forward(x), [[[2, 4]], [[1, 2]]], "a table of 2x and x: forward([[1, 2]])")
    expect(fork.backward(x, [g, 2 * g]), [[12, 20]], "a table of 2x and x: backward(x, [g, 2g]) for g = [[3, 5]]")
    first, second = linear([[1, 0], [1, 1]], [0, 0]), linear([[2, 1]], [1])
    net = sequential().add(sequential().add(first)).add(identity())
    net.parameters()  # what is added later counts, too
    net.add(second)
    expect(net.forward(x), [[6]], "a chain of two Linear: net.forward([[1, 2]])")
    net.zeroGradParameters()
    expect(net.backward(x, np.array([[1.0]])), [[3, 1]], "a chain of two Linear: net.backward([[1, 2]], [[1]])")
    story = "after one backward, the second layer's gradWeight"
    expect(second.gradWeight, [[1, 3]], story, [([[1, 2]], "Each module needs the input that it got in forward.")])
    expect(net.backward(x, np.array([[1.0]]), 2.0), [[3, 1]], "a second one with scale 2, for the parameters alone,")
    expect(first.gradWeight, [[6, 12], [3, 6]], "after a second one with scale 2, the first layer's gradWeight")
    if len(net.parameters()) != 2 or [len(each) for each in net.parameters()] != [4, 4]:
        message = f"net.parameters() should be two flat lists, 4 parameters and their 4 gradients, nested containers included; it is {net.parameters()!r}."
        raise CheckFailed(message)
    fork = table().add(second)
    fork.forward(x)
    fork.backward(x, [np.array([[1.0]])], 3.0)
    expect(second.gradWeight, [[6, 15]], "after another one by a table, with scale 3, the second layer's gradWeight")
    net.zeroGradParameters()
    expect(first.gradWeight, [[0, 0], [0, 0]], "after zeroGradParameters, the first layer's gradWeight")
    return "chains, tables and nests hand gradients on."
