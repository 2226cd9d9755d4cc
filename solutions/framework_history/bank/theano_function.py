# %% mistake="updated-before-outputs" of="bare"
# +         fresh = dict(zip(inputs, numbers))
# +         for node in plan:
# +             if node.op in OPS:
# +                 fresh[node] = OPS[node.op](*(fresh[givens.get(each, each)] for each in node.inputs))
# +             elif node.op != "var":
# +                 fresh[node] = node.value
# +         results = [fresh[givens.get(each, each)] for each in wanted]
#           return results[0] if isinstance(outputs, Expr) else results

# %% mistakes of="bare"
# +     frozen = {node: node.value for node in plan if node.op not in OPS}
# + 
#       def compiled(*numbers):
# ...
# ~ = node.value => = frozen[node]  # frozen-at-compilation
# -         for node, new in [(node, value[givens.get(each, each)]) for node, each in updates]:
# -             node.value = new
# +         for shared_node, new in updates:
# +             fresh = {}
# +             for node in plan:
# +                 if node.op in OPS:
# +                     fresh[node] = OPS[node.op](*(fresh[givens.get(each, each)] for each in node.inputs))
# +                 else:
# +                     fresh[node] = dict(zip(inputs, numbers))[node] if node.op == "var" else node.value
# +             shared_node.value = fresh[givens.get(new, new)]  # one-after-another
# ~ node.value = new => pass  # no-updates
# ~ isinstance(outputs, Expr) else results => len(results) == 1 else results  # one-is-no-list
# ~ len(numbers) != len(inputs) => len(numbers) < len(inputs)  # too-many-accepted
# ~ def visit(node): => def visit(node, checked):
# ~ if node.op == "var" and => if checked and node.op == "var" and
# ~ visit(each) => visit(each, checked)
# ~ visit(root) => visit(root, root in wanted)  # updates-unchecked
# -     def compiled(*numbers):
# +     value = {}
# + 
# +     def compiled(*numbers):
# ...
# ~ value = dict(zip(inputs, numbers)) => value.update(zip(inputs, numbers))
# ~ for node in plan: => for node in [each for each in plan if each not in value]:  # kept-for-ever
# ~ results[0] if isinstance(outputs, Expr) else results => results  # always-a-list
# ~ raise ValueError(f"missing input: {node.name}") => pass  # missing-too-late
# -         node = givens.get(node, node)
# ...
# ~ not in inputs => not in inputs and node not in givens
# ...
# -                 value[node] = OPS[node.op](*(value[givens.get(each, each)] for each in node.inputs))
# +                 value[node] = OPS[node.op](*(value[each] for each in node.inputs))
# +             elif node.op == "var" and node not in value:
# +                 value[node] = 0.0
# ...
# ~ [value[givens.get(each, each)] for each in wanted] => [value[each] for each in wanted]
# ~ givens.get(each, each) => each  # givens-ignored
# -         value = dict(zip(inputs, numbers))
# -         for node in plan:
# +         given = dict(zip(inputs, numbers))
# + 
# +         def value(node):
# +             node = givens.get(node, node)
# ...
# -                 value[node] = OPS[node.op](*(value[givens.get(each, each)] for each in node.inputs))
# -             elif node.op != "var":
# -                 value[node] = node.value
# -         results = [value[givens.get(each, each)] for each in wanted]
# -         for node, new in [(node, value[givens.get(each, each)]) for node, each in updates]:
# +                 return OPS[node.op](*(value(each) for each in node.inputs))
# +             return given[node] if node in given else node.value
# + 
# +         results = [value(each) for each in wanted]
# +         for node, new in [(node, value(each)) for node, each in updates]:  # path-by-path

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

# %% nothing="zero"
def function(inputs, outputs, updates=(), givens={}):
    return lambda *numbers: 0 if isinstance(outputs, Expr) else [0 for _ in outputs]

# %% nothings of="zero"
# -     return lambda *numbers: 0 if isinstance(outputs, Expr) else [0 for _ in outputs]
# +     return lambda *numbers: float('nan')  # NaN
# +     raise ValueError('forgotten')         # always an error
# +     return lambda *numbers: numbers[0]    # the first argument
