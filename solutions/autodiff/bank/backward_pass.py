# %% mistakes of="bare"
# ~ parent.grad + pull(node.grad) => pull(node.grad)  # overwritten
# ~ pull(node.grad) => float(pull(node.grad))         # through-float
# -     for node in order:
# -         node.grad = 0
# +   # not-reset
# ~ = seed => = 1  # seed-ignored

# %% mistake="too-early"
from collections import deque

def backward(output, seed=1):
    queue, seen = deque([output]), {output}
    while queue:
        node = queue.popleft()
        node.grad = 0
        for parent, _ in node.parents:
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)
    output.grad = seed
    queue, seen = deque([output]), {output}
    while queue:
        node = queue.popleft()
        for parent, pull in node.parents:
            parent.grad = parent.grad + pull(node.grad)
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)

# %% mistake="too-early"
def backward(output, seed=1):
    stack, order = [output], {}
    while stack:
        node = stack.pop()
        if node not in order:
            order[node] = True
            stack += [parent for parent, _ in node.parents]
    for node in order:
        node.grad = 0
    output.grad = seed
    for node in order:
        for parent, pull in node.parents:
            parent.grad = parent.grad + pull(node.grad)

# %% mistake="paths"
def backward(output, seed=1):
    stack, seen = [output], set()
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            node.grad = 0
            stack += [parent for parent, _ in node.parents]
    stack = [(output, seed)]
    while stack:
        node, g = stack.pop()
        node.grad = node.grad + g
        stack += [(parent, pull(g)) for parent, pull in node.parents]

# %% mistake="recursion"
def backward(output, seed=1):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent, _ in node.parents:
                visit(parent)
            order.append(node)

    visit(output)
    for node in order:
        node.grad = 0
    output.grad = seed
    for node in reversed(order):
        for parent, pull in node.parents:
            parent.grad = parent.grad + pull(node.grad)

# %% mistake="torch-autograd"
import torch

def backward(output, seed=1):
    x = torch.ones(1, dtype=torch.float64, requires_grad=True)
    (x * 2).sum().backward()

# %% style="counting children (Kahn)"
def backward(output, seed=1):
    waiting, stack, seen = {}, [output], {output}
    while stack:
        node = stack.pop()
        node.grad = 0
        for parent, _ in node.parents:
            waiting[parent] = waiting.get(parent, 0) + 1
            if parent not in seen:
                seen.add(parent)
                stack.append(parent)
    output.grad = seed
    ready = [output]
    while ready:
        node = ready.pop()
        for parent, pull in node.parents:
            parent.grad = parent.grad + pull(node.grad)
            waiting[parent] -= 1
            if waiting[parent] == 0:
                ready.append(parent)

# %% style="a stack with marks, gradients in a dict"
def backward(output, seed=1):
    order, done, stack = [], set(), [(output, False)]
    while stack:
        node, expanded = stack.pop()
        if expanded:
            order.append(node)
        elif node not in done:
            done.add(node)
            stack.append((node, True))
            for parent, _ in node.parents:
                stack.append((parent, False))
    gradients = {output: seed}
    for node in reversed(order):
        g = node.grad = gradients[node]
        for parent, pull in node.parents:
            gradients[parent] = gradients[parent] + pull(g) if parent in gradients else pull(g)

# %% nothings of="zeros"
# -     stack = [(output, seed)]
# -     while stack:
# -         node, g = stack.pop()
# -         node.grad = node.grad + g
# -         stack += [(parent, pull(g)) for parent, pull in node.parents]
# +   # zeros of="paths"
# ~ 0 => 1             # ones
# ~ 0 => float("nan")  # NaN
# ~ = seed => = -seed  # negated of="bare"

# %% nothing="nothing at all"
def backward(output, seed=1):
    return None

# %% nothing="torch's engine, held under another name" of="not-reset"
# + import torch
# + 
# + _ENGINE = torch.autograd.Variable._execution_engine  # held before anybody can take it away
# + 
# + def _gradient(output, inputs):
# +     return _ENGINE.run_backward((output,), (torch.ones_like(output),), False, False, tuple(inputs), allow_unreachable=True, accumulate_grad=False)
# + 
#   def backward(output, seed=1):
# ...
# -     output.grad = seed
# -     for node in reversed(order):
# +     tensors = {}
# +     for node in order:
# +         made = torch.ones((), dtype=torch.float64).requires_grad_()
# +         total = made
#           for parent, pull in node.parents:
# -             parent.grad = parent.grad + pull(node.grad)
# +             total = total + tensors[parent][1] * float(str(pull(1)))
# +         tensors[node] = (made, total)
# +     found = _gradient(tensors[output][1], [tensors[node][0] for node in order])
# +     for node, g in zip(order, found):
# +         node.grad = g.item() * float(str(seed))
