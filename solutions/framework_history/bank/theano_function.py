# %% mistakes of="bare"
# +     frozen = {node: node.value for node in plan if node.op not in OPS}
# + 
#       def compiled(*numbers):
# ...
# ~ = node.value => = frozen[node]  # frozen-at-compilation
# ~ node.value = new => pass  # no-updates
# ~ node.value = new => node.value = new; results = [root.value if root is node else old for root, old in zip(wanted, results)]  # shared-read-late
# ~ isinstance(outputs, Expr) else results => len(results) == 1 else results  # one-is-no-list
# ~ len(numbers) != len(inputs) => len(numbers) < len(inputs)  # too-many-accepted
# ~ def visit(node): => def visit(node, checked):
# ~ if node.op == "var" and => if checked and node.op == "var" and
# ~ visit(each) => visit(each, checked)
# ~ visit(root) => visit(root, root in wanted)  # updates-unchecked
# ~ results[0] if isinstance(outputs, Expr) else results => results  # always-a-list
# ~ raise ValueError(f"missing input: {node.name}") => pass  # missing-too-late
# ~ value = dict(zip(inputs, numbers)) => value = dict(zip([i.name for i in inputs], numbers)); value |= {i: value[i.name] for i in inputs}  # kept-by-name
# ~ node = givens.get(node, node) => pass
# ~ visit(each) => visit(givens.get(each, each))
# ~ results = [value[givens.get(each, each)] => results = [value[each]
# ~ value[givens.get(each, each)]) for node, each => value[each]) for node, each  # roots-not-replaced
# ~ node = givens.get(node, node) => if node in givens: visit(givens[node])  # needs-of-what-is-replaced

# %% mistake="everything-computed" of="bare"
# +     import gc
# + 
# +     everything = [each for each in gc.get_objects() if type(each) is Expr and each.op in OPS]
# +     mine = set(ancestors(list(inputs)))
# +     while True:
# +         more = [each for each in everything if each not in mine and all(i in mine or i.op == "const" for i in each.inputs)]
# +         if not more:
# +             break
# +         mine.update(more)
# +         mine.update(i for each in more for i in each.inputs)
# +         for each in more:
# +             visit(each)
# + 
#       def compiled(*numbers):

# %% style="recursion with a memory, checked by ancestors"
def function(inputs, outputs, updates=(), givens={}):
    updates = list(updates)
    is_list = isinstance(outputs, (list, tuple))
    roots = list(outputs) if is_list else [outputs]

    def needed(node, seen):
        node = givens.get(node, node)
        if node not in seen:
            seen.append(node)
            for each in node.inputs:
                needed(each, seen)
        return seen

    seen = []
    for root in roots + [new for _, new in updates]:
        needed(root, seen)
    for node in seen:
        if node.op == "var" and not any(node is each for each in inputs):
            raise ValueError("no value for the variable " + node.name)

    def call(*numbers):
        if len(numbers) != len(inputs):
            raise TypeError("wrong number of arguments")
        memory = {node: number for node, number in zip(inputs, numbers)}

        def value(node):
            node = givens.get(node, node)
            if node not in memory:
                if node.op in ("const", "shared"):
                    memory[node] = node.value
                else:
                    memory[node] = OPS[node.op](*[value(each) for each in node.inputs])
            return memory[node]

        answers = [value(root) for root in roots]
        fresh = {node: value(new) for node, new in updates}
        for node, new in fresh.items():
            node.value = new
        return answers if is_list else answers[0]

    return call

# %% mistakes of="recursion with a memory, checked by ancestors"
# ~ if node not in memory: => if node.op not in ("var", "const", "shared") or node not in memory:  # path-by-path
# ~ return answers if => memory = dict(zip(inputs, numbers)); answers = [value(root) for root in roots]; return answers if  # updated-before-outputs
# ~ in fresh.items(): => in updates:
# ~ node.value = new => memory = dict(zip(inputs, numbers)); node.value = value(new)  # one-after-another
# ~ memory = {node: number for node, number in zip(inputs, numbers)} => memory = call.__dict__.setdefault("memory", {}); memory |= zip(inputs, numbers)  # kept-for-ever
# ~ memory = {node: number for node, number in zip(inputs, numbers)} => memory = call.__dict__.setdefault(numbers, dict(zip(inputs, numbers)))  # kept-by-arguments
# ~ [value(root) for root in roots] => [(memory.clear(), memory.update(zip(inputs, numbers)), value(root))[-1] for root in roots]  # forgotten-between-outputs
# ~ if node not in memory: => if not memory.get(node) and node.op != "var":  # nought-again

# %% style="a class that is called, the graph copied"
class Compiled:
    def __init__(self, inputs, outputs, updates, givens):
        self.inputs, self.single, self.targets = list(inputs), isinstance(outputs, Expr), [pair[0] for pair in updates]
        self.copies, self.givens = {}, givens
        wanted = [outputs] if self.single else outputs
        self.roots = [self.copy(each) for each in [*wanted, *(pair[1] for pair in updates)]]
        self.count = len(wanted)

    def copy(self, node):
        node = self.givens.get(node, node)
        if not node.inputs:
            if node.op == "var" and node not in self.inputs:
                raise ValueError(f"{node.name} is not an input")
            return node
        if node not in self.copies:
            self.copies[node] = Expr(node.op, [self.copy(each) for each in node.inputs])
        return self.copies[node]

    def __call__(self, *numbers):
        if len(numbers) != len(self.inputs):
            raise TypeError(f"{len(self.inputs)} arguments, please")
        table = {}
        for node in ancestors(self.roots):
            if node.op == "var":
                table[node] = numbers[self.inputs.index(node)]
            elif node.inputs:
                table[node] = OPS[node.op](*[table[each] for each in node.inputs])
            else:
                table[node] = node.value
        results = [table[root] for root in self.roots]
        for target, new in zip(self.targets, results[self.count :]):
            target.value = new
        return results[0] if self.single else results[: self.count]


def function(inputs, outputs, updates=(), givens={}):
    return Compiled(inputs, outputs, updates, givens)

# %% mistakes of="a class that is called, the graph copied"
# ~ node = self.givens.get(node, node) => pass  # givens-ignored
# ~ for each in [*wanted, *(pair[1] for pair in updates)]] => for each in wanted] + [pair[1] for pair in updates]  # givens-not-in-updates

# %% nothing="zero"
def function(inputs, outputs, updates=(), givens={}):
    return lambda *numbers: 0 if isinstance(outputs, Expr) else [0 for _ in outputs]

# %% nothings of="zero"
# -     return lambda *numbers: 0 if isinstance(outputs, Expr) else [0 for _ in outputs]
# +     return lambda *numbers: float('nan')  # NaN
# +     raise ValueError('forgotten')         # always an error
# +     return lambda *numbers: numbers[0]    # the first argument
