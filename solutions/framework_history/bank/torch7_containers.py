# %% style="indices, and a list of inputs kept in forward"
class Container(Module):
    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules += [module]
        return self

    def parameters(self):
        parameters, gradients = [], []
        for module in self.modules:
            p, g = module.parameters()
            parameters.extend(p)
            gradients.extend(g)
        return parameters, gradients


class Sequential(Container):
    def updateOutput(self, input):
        self.inputs = []
        current = input
        for i in range(len(self.modules)):
            self.inputs.append(current)
            current = self.modules[i].forward(current)
        return current

    def backward(self, input, gradOutput, scale=1.0):
        g = gradOutput
        for i in range(len(self.modules) - 1, -1, -1):
            g = self.modules[i].backward(self.inputs[i], g, scale)
        self.gradInput = g
        return g


class ConcatTable(Container):
    def updateOutput(self, input):
        outputs = []
        for module in self.modules:
            outputs.append(module.forward(input))
        return outputs

    def backward(self, input, gradOutput, scale=1.0):
        total = np.zeros_like(input)
        for i, module in enumerate(self.modules):
            total = total + module.backward(input, gradOutput[i], scale=scale)
        self.gradInput = total
        return total

# %% style="functools.reduce" of="bare"
# -         for module in self.modules:
# -             input = module.forward(input)
# -         return input
# +         from functools import reduce
# + 
# +         return reduce(lambda current, module: module.forward(current), self.modules, input)
# ...
# -         self.gradInput = sum(module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput))
# +         self.gradInput = np.sum([module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput)], axis=0)

# %% mistakes of="bare"
# ~ return [module.forward(input) => return [module.updateOutput(input)  # outputs-not-kept-in-tables
# -         inputs = [input, *(module.output for module in self.modules[:-1])]
# +         inputs = [input]
# +         for module in self.modules[:-1]:
# +             inputs.append(module.forward(inputs[-1]))  # forward-again
# ~ [module.parameters() for module in self.modules] => [module.parameters() for module in reversed(self.modules)]  # listed-in-reverse
# ~ [p for own, _ in both for p in own] => [p.copy() for own, _ in both for p in own]  # parameters-copied
# -         inputs = [input, *(module.output for module in self.modules[:-1])]
# +         inputs = [input for _ in self.modules]  # everybody-gets-the-first-input
# ~ zip(reversed(self.modules), reversed(inputs)) => zip(self.modules, inputs)  # not-backwards
# -         self.gradInput = sum(module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput))
# +         self.gradInput = [module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput)][0]  # first-branch-only
# +         for module, g in zip(self.modules, gradOutput):
# +             self.gradInput = module.backward(input, g, scale)  # last-branch-only
# +         self.gradInput = sum(module.backward(input, gradOutput[0], scale) for module in self.modules)  # first-gradient-to-all
# +         self.gradInput = sum(module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput)) / len(self.modules)  # mean-of-branches
# -         both = [module.parameters() for module in self.modules]
# -         return [p for own, _ in both for p in own], [g for _, own in both for g in own]
# +         return [], []  # nobody-listed
# -         both = [module.parameters() for module in self.modules]
# +         both = [module.parameters() for module in self.modules if not isinstance(module, Container)]  # only-direct-children
# ~ module.backward(own, gradOutput, scale) => module.backward(own, gradOutput)
# ~ g, scale => g  # scale-lost
# ~ module.backward(own, gradOutput, scale) => module.backward(own, gradOutput)  # scale-lost-in-chains
# ~ g, scale => g  # scale-lost-in-tables
# ~ module.backward(own, => module.backward(module.output if isinstance(module, nnTanh) and module is not self.modules[0] else own,  # tanh-gets-its-own-output
# ~ module.backward(input, g, scale) => (module.backward(input, g, scale) if isinstance(module, Container) else module.updateGradInput(input, g))  # gradients-only-passed-in-tables
# ~ [input, *(module.output for module in self.modules[:-1])] => [module.output for module in self.modules]  # each-gets-its-own-output
# ~ input = module.forward(input) => input = module.updateOutput(input)  # outputs-not-kept
# ~ module.backward(own, gradOutput, scale) => module.updateGradInput(own, gradOutput)  # gradients-only-passed
# ~ self.gradInput = sum( => self.gradInput = list(  # list-of-gradients
# ~ self.gradInput = sum(module => from operator import iadd; from functools import reduce; self.gradInput = reduce(iadd, (module
# ~ zip(self.modules, gradOutput)) => zip(self.modules, gradOutput)))  # added-in-place
# ~ [p for own, _ in both for p in own], [g for _, own in both for g in own] => [own for own, _ in both], [own for _, own in both]  # lists-of-lists
# ~ [p for own, _ in both for p in own], [g for _, own in both for g in own] => [p.copy() for own, _ in both for p in own], [g.copy() for _, own in both for g in own]  # copies-listed
# -         return self
# +         return None  # add-returns-nothing

# %% nothings of="nobody-listed"
# - 
#       def __init__(self):
# ...
# - 
#       def updateOutput(self, input):
# -         for module in self.modules:
# -             input = module.forward(input)
# ...
# -         inputs = [input, *(module.output for module in self.modules[:-1])]
# -         for module, own in zip(reversed(self.modules), reversed(inputs)):
# -             gradOutput = module.backward(own, gradOutput, scale)
# -         self.gradInput = gradOutput
# ...
# - 
#       def updateOutput(self, input):
# -         return [module.forward(input) for module in self.modules]
# +         return [input for _ in self.modules]
# ...
# -         self.gradInput = sum(module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput))
# -         return self.gradInput
# +         return gradOutput[0]  # what came in
# -         return input
# +         return np.zeros_like(input)
# ...
# -         return gradOutput
# +         return np.zeros_like(input)  # zeros of="what came in"
# +         return input * np.nan
# ...
# +         return input * np.nan  # NaN of="what came in"
# -         return self
# +         return None  # add returns nothing of="bare"
