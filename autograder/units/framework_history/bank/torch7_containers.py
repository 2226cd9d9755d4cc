# %% mistake="everybody-gets-the-first-input"
class Container(Module):

    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return self

    def parameters(self):
        both = [module.parameters() for module in self.modules]
        return [p for own, _ in both for p in own], [g for _, own in both for g in own]


class Sequential(Container):

    def updateOutput(self, input):
        for module in self.modules:
            input = module.forward(input)
        return input

    def backward(self, input, gradOutput, scale=1.0):
        inputs = [input for _ in self.modules]
        for module, own in zip(reversed(self.modules), reversed(inputs)):
            gradOutput = module.backward(own, gradOutput, scale)
        self.gradInput = gradOutput
        return gradOutput


class ConcatTable(Container):

    def updateOutput(self, input):
        return [module.forward(input) for module in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        self.gradInput = sum(module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput))
        return self.gradInput

# %% mistake="not-backwards"
class Container(Module):

    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return self

    def parameters(self):
        both = [module.parameters() for module in self.modules]
        return [p for own, _ in both for p in own], [g for _, own in both for g in own]


class Sequential(Container):

    def updateOutput(self, input):
        for module in self.modules:
            input = module.forward(input)
        return input

    def backward(self, input, gradOutput, scale=1.0):
        inputs = [input, *(module.output for module in self.modules[:-1])]
        for module, own in zip(self.modules, inputs):
            gradOutput = module.backward(own, gradOutput, scale)
        self.gradInput = gradOutput
        return gradOutput


class ConcatTable(Container):

    def updateOutput(self, input):
        return [module.forward(input) for module in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        self.gradInput = sum(module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput))
        return self.gradInput

# %% mistake="scale-lost"
class Container(Module):

    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return self

    def parameters(self):
        both = [module.parameters() for module in self.modules]
        return [p for own, _ in both for p in own], [g for _, own in both for g in own]


class Sequential(Container):

    def updateOutput(self, input):
        for module in self.modules:
            input = module.forward(input)
        return input

    def backward(self, input, gradOutput, scale=1.0):
        inputs = [input, *(module.output for module in self.modules[:-1])]
        for module, own in zip(reversed(self.modules), reversed(inputs)):
            gradOutput = module.backward(own, gradOutput)
        self.gradInput = gradOutput
        return gradOutput


class ConcatTable(Container):

    def updateOutput(self, input):
        return [module.forward(input) for module in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        self.gradInput = sum(module.backward(input, g) for module, g in zip(self.modules, gradOutput))
        return self.gradInput

# %% mistake="first-branch-only"
class Container(Module):

    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return self

    def parameters(self):
        both = [module.parameters() for module in self.modules]
        return [p for own, _ in both for p in own], [g for _, own in both for g in own]


class Sequential(Container):

    def updateOutput(self, input):
        for module in self.modules:
            input = module.forward(input)
        return input

    def backward(self, input, gradOutput, scale=1.0):
        inputs = [input, *(module.output for module in self.modules[:-1])]
        for module, own in zip(reversed(self.modules), reversed(inputs)):
            gradOutput = module.backward(own, gradOutput, scale)
        self.gradInput = gradOutput
        return gradOutput


class ConcatTable(Container):

    def updateOutput(self, input):
        return [module.forward(input) for module in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        self.gradInput = [module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput)][0]
        return self.gradInput

# %% mistake="last-branch-only"
class Container(Module):

    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return self

    def parameters(self):
        both = [module.parameters() for module in self.modules]
        return [p for own, _ in both for p in own], [g for _, own in both for g in own]


class Sequential(Container):

    def updateOutput(self, input):
        for module in self.modules:
            input = module.forward(input)
        return input

    def backward(self, input, gradOutput, scale=1.0):
        inputs = [input, *(module.output for module in self.modules[:-1])]
        for module, own in zip(reversed(self.modules), reversed(inputs)):
            gradOutput = module.backward(own, gradOutput, scale)
        self.gradInput = gradOutput
        return gradOutput


class ConcatTable(Container):

    def updateOutput(self, input):
        return [module.forward(input) for module in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        for module, g in zip(self.modules, gradOutput):
            self.gradInput = module.backward(input, g, scale)
        return self.gradInput

# %% mistake="mean-of-branches"
class Container(Module):

    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return self

    def parameters(self):
        both = [module.parameters() for module in self.modules]
        return [p for own, _ in both for p in own], [g for _, own in both for g in own]


class Sequential(Container):

    def updateOutput(self, input):
        for module in self.modules:
            input = module.forward(input)
        return input

    def backward(self, input, gradOutput, scale=1.0):
        inputs = [input, *(module.output for module in self.modules[:-1])]
        for module, own in zip(reversed(self.modules), reversed(inputs)):
            gradOutput = module.backward(own, gradOutput, scale)
        self.gradInput = gradOutput
        return gradOutput


class ConcatTable(Container):

    def updateOutput(self, input):
        return [module.forward(input) for module in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        self.gradInput = sum(module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput)) / len(self.modules)
        return self.gradInput

# %% mistake="nobody-listed"
class Container(Module):

    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return self

    def parameters(self):
        return [], []


class Sequential(Container):

    def updateOutput(self, input):
        for module in self.modules:
            input = module.forward(input)
        return input

    def backward(self, input, gradOutput, scale=1.0):
        inputs = [input, *(module.output for module in self.modules[:-1])]
        for module, own in zip(reversed(self.modules), reversed(inputs)):
            gradOutput = module.backward(own, gradOutput, scale)
        self.gradInput = gradOutput
        return gradOutput


class ConcatTable(Container):

    def updateOutput(self, input):
        return [module.forward(input) for module in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        self.gradInput = sum(module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput))
        return self.gradInput

# %% mistake="only-direct-children"
class Container(Module):

    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return self

    def parameters(self):
        both = [module.parameters() for module in self.modules if not isinstance(module, Container)]
        return [p for own, _ in both for p in own], [g for _, own in both for g in own]


class Sequential(Container):

    def updateOutput(self, input):
        for module in self.modules:
            input = module.forward(input)
        return input

    def backward(self, input, gradOutput, scale=1.0):
        inputs = [input, *(module.output for module in self.modules[:-1])]
        for module, own in zip(reversed(self.modules), reversed(inputs)):
            gradOutput = module.backward(own, gradOutput, scale)
        self.gradInput = gradOutput
        return gradOutput


class ConcatTable(Container):

    def updateOutput(self, input):
        return [module.forward(input) for module in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        self.gradInput = sum(module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput))
        return self.gradInput

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

# %% style="functools.reduce"
class Container(Module):

    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return self

    def parameters(self):
        both = [module.parameters() for module in self.modules]
        return [p for own, _ in both for p in own], [g for _, own in both for g in own]


class Sequential(Container):

    def updateOutput(self, input):
        from functools import reduce

        return reduce(lambda current, module: module.forward(current), self.modules, input)

    def backward(self, input, gradOutput, scale=1.0):
        inputs = [input, *(module.output for module in self.modules[:-1])]
        for module, own in zip(reversed(self.modules), reversed(inputs)):
            gradOutput = module.backward(own, gradOutput, scale)
        self.gradInput = gradOutput
        return gradOutput


class ConcatTable(Container):

    def updateOutput(self, input):
        return [module.forward(input) for module in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        self.gradInput = np.sum([module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput)], axis=0)
        return self.gradInput

# %% nothing="zeros"
class Container(Module):
    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return self

    def parameters(self):
        return [], []


class Sequential(Container):
    def updateOutput(self, input):
        return np.zeros_like(input)

    def backward(self, input, gradOutput, scale=1.0):
        return np.zeros_like(input)


class ConcatTable(Container):
    def updateOutput(self, input):
        return [input for _ in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        return gradOutput[0]

# %% nothing="what came in"
class Container(Module):
    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return self

    def parameters(self):
        return [], []


class Sequential(Container):
    def updateOutput(self, input):
        return input

    def backward(self, input, gradOutput, scale=1.0):
        return gradOutput


class ConcatTable(Container):
    def updateOutput(self, input):
        return [input for _ in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        return gradOutput[0]

# %% nothing="NaN"
class Container(Module):
    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return self

    def parameters(self):
        return [], []


class Sequential(Container):
    def updateOutput(self, input):
        return input * np.nan

    def backward(self, input, gradOutput, scale=1.0):
        return input * np.nan


class ConcatTable(Container):
    def updateOutput(self, input):
        return [input for _ in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        return gradOutput[0]

# %% nothing="add returns nothing"
class Container(Module):

    def __init__(self):
        self.modules = []

    def add(self, module):
        self.modules.append(module)
        return None

    def parameters(self):
        both = [module.parameters() for module in self.modules]
        return [p for own, _ in both for p in own], [g for _, own in both for g in own]


class Sequential(Container):

    def updateOutput(self, input):
        for module in self.modules:
            input = module.forward(input)
        return input

    def backward(self, input, gradOutput, scale=1.0):
        inputs = [input, *(module.output for module in self.modules[:-1])]
        for module, own in zip(reversed(self.modules), reversed(inputs)):
            gradOutput = module.backward(own, gradOutput, scale)
        self.gradInput = gradOutput
        return gradOutput


class ConcatTable(Container):

    def updateOutput(self, input):
        return [module.forward(input) for module in self.modules]

    def backward(self, input, gradOutput, scale=1.0):
        self.gradInput = sum(module.backward(input, g, scale) for module, g in zip(self.modules, gradOutput))
        return self.gradInput
