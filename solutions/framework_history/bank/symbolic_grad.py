# %% mistake="path-by-path"
def grad(cost, wrt):
    def along(node, g, variable):
        if node is variable:
            return g
        pieces = {
            "add": lambda v, a, b: (g, g),
            "sub": lambda v, a, b: (g, -1 * g),
            "mul": lambda v, a, b: (g * b, g * a),
            "div": lambda v, a, b: (g / b, -1 * g * v / b),
            "pow": lambda v, a, n: (g * n * a ** (n.value - 1),),
            "exp": lambda v, a: (g * v,),
            "log": lambda v, a: (g / a,),
            "tanh": lambda v, a: (g * (1 - v * v),),
        }[node.op](node, *node.inputs) if node.inputs else ()
        total = None
        for operand, piece in zip(node.inputs, pieces):
            found = along(operand, piece, variable)
            if found is not None:
                total = found if total is None else total + found
        return total

    return [along(cost, const(1), variable) or const(0) for variable in wrt]

# %% mistakes of="bare"
# ~ adjoint[operand] + piece if operand in adjoint else piece => piece  # overwritten
# ~ (g, -1 * g) => (g, g)  # difference-sign
# ~ (g * b, g * a) => (g * a, g * b)  # product-swapped
# ~ (g * b, g * a) => (g * b,)        # product-one-term
# ~ -1 * g * v => g * v           # quotient-sign
# ~ -1 * g * v / b => -1 * g * v  # quotient-not-squared
# ~ a ** (n.value - 1) => a**n.value  # power-exponent
# ~ n * a => a                        # power-factor
# ~ g * n * a ** (n.value - 1) => g * 2 * a  # power-of-squares
# ~ g * n * a ** (n.value - 1) => g * int(n.value) * a ** (int(n.value) - 1)  # power-of-whole
# ~ g * n * a ** (n.value - 1) => 0 * a      # pow-lost
# ~ (g / b, -1 * g * v / b) => (g / b,)                   # quotient-one-term
# ~ (g / b, -1 * g * v / b) => (g / b, -1 * g * b / a**2)  # quotient-turned
# ~ (g / b, -1 * g * v / b) => (0 * a,)                   # div-lost
# ~ (g * v,) => (g * a,)  # exp-derivative
# ~ (g * v,) => (0 * a,)  # exp-lost
# ~ g / a => g * a  # log-derivative
# ~ g / a => 0 * a  # log-lost
# ~ v * v => a * a  # tanh-derivative
# ~ v * v => v      # tanh-not-squared
# ~ g * (1 - v * v) => g * (1 - v) * (1 - v)  # tanh-square
# ~ g * (1 - v * v) => 0 * a  # tanh-lost
# ~ zip(node.inputs, pieces) => dict(zip(node.inputs, pieces)).items()  # one-piece-per-input
# ~ in reversed(ancestors([cost])) => in ancestors([cost])  # inputs-first
# ~ get(variable, const(0)) => get(variable, const(0)) if variable.op == "var" else const(0)  # shared-as-constant
# ~ get(variable, const(0)) => get(variable, const(0)) if variable is not cost else const(0)  # own-derivative-lost
# -     for node in reversed(ancestors([cost])):
# +     order = [cost]
# +     for node in order:
# +         order += [each for each in dict.fromkeys(node.inputs) if each not in order]  # breadth-first
# ~ adjoint = {cost: const(1)} => adjoint = cost.__dict__.setdefault("adjoint", {}); adjoint[cost] = const(1)  # never-cleared
# ~ [adjoint.get(variable, const(0)) => [{v.name: g for v, g in adjoint.items()}.get(variable.name, const(0))  # kept-by-name
# ~ (g * v,) => (v,)
# ~ g / a => 1 / a
# ~ g * (1 - v * v) => 1 - v * v  # chain-rule
# ~ g * n * a ** (n.value - 1) => n * a ** (n.value - 1)  # chain-rule in pow
# ~ -1 * g * v / b => -1 * v / b  # denominator-alone

# %% style="forward mode, a graph a variable"
def grad(cost, wrt):
    found = []
    for variable in wrt:
        slope = {}
        for node in ancestors([cost]):
            d = [slope[each] for each in node.inputs]
            if node is variable:
                slope[node] = const(1)
            elif not node.inputs:
                slope[node] = const(0)
            elif node.op in ("add", "sub"):
                slope[node] = Expr(node.op, d)
            elif node.op == "mul":
                a, b = node.inputs
                slope[node] = d[0] * b + a * d[1]
            elif node.op == "div":
                a, b = node.inputs
                slope[node] = (d[0] * b - a * d[1]) / (b * b)
            elif node.op == "pow":
                a, n = node.inputs
                slope[node] = const(n.value) * a ** const(n.value - 1) * d[0]
            elif node.op == "exp":
                slope[node] = node * d[0]
            elif node.op == "log":
                slope[node] = d[0] / node.inputs[0]
            else:
                slope[node] = (1 - node**2) * d[0]
        found.append(slope[cost])
    return found

# %% style="if and elif, contributions in lists"
def grad(cost, wrt):
    arrived = {id(cost): [const(1.0)]}

    def send(node, piece):
        arrived.setdefault(id(node), []).append(piece)

    total = {}
    for node in ancestors([cost])[::-1]:
        pieces = arrived.get(id(node), [])
        g = const(0.0)
        for piece in pieces:
            g = piece if g.op == "const" and g.value == 0 else Expr("add", (g, piece))
        total[id(node)] = g
        if node.op == "add":
            send(node.inputs[0], g)
            send(node.inputs[1], g)
        elif node.op == "sub":
            send(node.inputs[0], g)
            send(node.inputs[1], 0 - g)
        elif node.op == "mul":
            send(node.inputs[0], g * node.inputs[1])
            send(node.inputs[1], node.inputs[0] * g)
        elif node.op == "div":
            a, b = node.inputs
            send(a, g * b**-1)
            send(b, 0 - g * a * b ** (-2))
        elif node.op == "pow":
            a, n = node.inputs
            send(a, g * node * n.value / a)
        elif node.op == "exp":
            send(node.inputs[0], g * exp(node.inputs[0]))
        elif node.op == "log":
            send(node.inputs[0], g * node.inputs[0] ** -1)
        elif node.op == "tanh":
            send(node.inputs[0], g - g * tanh(node.inputs[0]) ** 2)
    return [total.get(id(v), const(0.0)) for v in wrt]

# %% nothing="zeros"
def grad(cost, wrt):
    return [const(0) for _ in wrt]

# %% nothings of="zeros"
# ~ const(0) => 1.0                                                    # numbers
# ~ const(0) => const(float('nan'))                                    # NaN
# ~ const(0) => cost                                                   # the cost itself
# ~ [const(0) for _ in wrt] => [Expr('grad', (cost, v)) for v in wrt]  # an op of one's own
# ~ const(1) => const(-1)
# ~ const(0) => const(1)  # negated of="bare"
