# %% style="recursion with a memory"
class Dense(Layer):
    def __init__(self, units, activation=None):
        self.units, self.activation = units, activation
        self.kernel = None

    def output_shape(self, shapes):
        shape = shapes[0]
        if self.kernel is not None and self.kernel.shape[0] != shape[-1]:
            raise ValueError(f"expected {self.kernel.shape[0]} inputs, got {shape[-1]}")
        if self.kernel is None:
            self.kernel = np.zeros([shape[-1], self.units])
            self.bias = np.zeros([self.units])
        return (self.units,)

    def call(self, array):
        z = array.dot(self.kernel) + self.bias[None, :]
        return {None: lambda: z, "relu": lambda: np.where(z > 0, z, 0), "tanh": lambda: np.tanh(z)}[self.activation]()

    def count_params(self):
        d, units = self.kernel.shape
        return (d + 1) * units


class Add(Layer):
    def output_shape(self, shapes):
        if len(set(shapes)) != 1:
            raise ValueError("shapes differ: " + ", ".join(map(str, shapes)))
        return shapes[0]

    def call(self, *arrays):
        result = arrays[0].copy()
        for array in arrays[1:]:
            result += array
        return result


class Concatenate(Layer):
    def output_shape(self, shapes):
        width = 0
        for shape in shapes:
            width += shape[0]
        return (width,)

    def call(self, *arrays):
        return np.hstack(arrays)


class Model:
    def __init__(self, inputs, output):
        self.inputs = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        self.output = output
        self.output_shape = output.shape
        self.layers = []
        seen = set()
        stack = [output]
        while stack:
            symbol = stack.pop()
            if id(symbol) in seen or any(symbol is each for each in self.inputs):
                continue
            seen.add(id(symbol))
            if symbol.layer is None:
                raise ValueError("an Input is missing")
            if all(symbol.layer is not each for each in self.layers):
                self.layers.insert(0, symbol.layer)
            stack.extend(symbol.inputs)

    def count_params(self):
        total = 0
        for layer in self.layers:
            total += layer.count_params()
        return int(total)

    def predict(self, *arrays):
        memory = {id(symbol): np.asarray(array) for symbol, array in zip(self.inputs, arrays)}

        def value(symbol):
            if id(symbol) not in memory:
                memory[id(symbol)] = symbol.layer.call(*[value(each) for each in symbol.inputs])
            return memory[id(symbol)]

        return value(self.output)


def chain(layers):
    from functools import reduce

    return Model(layers[0], reduce(lambda symbol, layer: layer(symbol), layers))

# %% style="np.add.reduce, and one list of symbols" of="bare"
# ~ sum(arrays) => np.add.reduce(arrays)
# ~ np.concatenate(arrays, axis=1) => np.column_stack(arrays)
# ~ symbol in self.order or symbol in self.inputs => any(symbol is each for each in self.order + self.inputs)

# %% mistakes of="bare"
# ~ np.zeros((width, self.units)) => np.zeros((self.units, width))
# ~ if len(self.kernel) != width: => if width not in self.kernel.shape:  # kernel-made-turned
# ~ sum(layer.count_params() for layer in self.layers) => sum(layer.count_params() for layer in self.layers if isinstance(layer, Dense))  # dense-counted-alone
# ~ self.kernel.size + self.bias.size => self.kernel.size  # bias-not-counted
# -             if symbol.layer not in self.layers:
# -                 self.layers.append(symbol.layer)
# +             self.layers.append(symbol.layer)  # shared-counted-twice
# ~ sum(arrays) => sum(arrays[1:])          # skip-lost
# ~ sum(arrays) => arrays[0] + arrays[1]    # two-only
# ~ self.activation(array @ self.kernel + self.bias) => array @ self.kernel + self.bias  # activation-lost
# ~ if self.kernel is None: => if True:  # made-anew
# ~ np.zeros((width, self.units)) => np.zeros((self.units, width))
# ~ if len(self.kernel) != width => if len(self.kernel.T) != width
# ~ array @ self.kernel => array @ self.kernel.T  # kernel-turned
# ~ zip(self.inputs, arrays) => zip(dict.fromkeys(i for symbol in reversed(self.order) for i in symbol.inputs if i in self.inputs), arrays)  # inputs-as-found
# -                 raise ValueError("the output needs an Input that is not among the model's inputs")
# +                 return  # missing-input-accepted
# ~ + self.bias) => )  # bias-lost
# ~ + self.bias) => ) + self.bias  # bias-after-activation
# ~ axis=1 => axis=0  # joined-by-examples
# ~ axis=1 => axis=0 if len({each.shape for each in arrays}) == 1 else 1  # joined-by-examples-where-alike
# ~ value[symbol] = => value[symbol] = value[symbol.layer] = value[symbol.layer] if symbol.layer in value else  # kept-by-layer
# ~ dict(zip(self.inputs, arrays)) => self.__dict__.setdefault("value", dict(zip(self.inputs, arrays)))  # remembered-for-ever
# ~ return Model(layers[0], symbol) => return symbol  # chain-gives-a-symbol
# -         if len(self.kernel) != width:
# -             raise ValueError(f"Dense was made for inputs of width {len(self.kernel)}, but got {width}")
# ...
# -         for shape in shapes[1:]:
# -             if shape != shapes[0]:
# -                 raise ValueError(f"Add needs equal shapes, but got {shapes[0]} and {shape}")
# +   # anything-fits

# %% mistakes of="recursion with a memory"
# ~ arrays[0].copy() => arrays[0]  # added-in-place
# ~ if id(symbol) not in memory: => if id(symbol) not in memory and symbol.layer not in memory:
# ~ memory[id(symbol)] = symbol => memory[symbol.layer] = symbol
# ~ return memory[id(symbol)] => return memory[id(symbol) if symbol.layer is None else symbol.layer]  # kept-by-layer-from-outside
# ~ if id(symbol) not in memory: => if symbol.layer is not None:  # path-by-path

# %% nothing="NaN"
class Dense(Layer):
    def __init__(self, units, activation=None):
        self.units, self.kernel, self.bias = units, np.zeros((1, 1)), np.zeros(1)

    def output_shape(self, shapes):
        return (1,)

    def call(self, array):
        return array * 0

    def count_params(self):
        return 0


class Add(Layer):
    def output_shape(self, shapes):
        return (0,)

    def call(self, *arrays):
        return arrays[0] * 0


class Concatenate(Add):
    pass


class Model:
    def __init__(self, inputs, output):
        self.inputs, self.output, self.output_shape, self.layers = inputs, output, output.shape, []

    def count_params(self):
        return float('nan')

    def predict(self, *arrays):
        return arrays[0] * np.nan


def chain(layers):
    return Model(layers[0], layers[0])

# %% nothings of="NaN"
# ~ return (1,) => raise ValueError(str(shapes))
# ~ float('nan') => 0
# ~ np.nan => 1  # always an error
# ~ raise ValueError(str(shapes)) => return (0,)
# ~ * 1 => * 0  # zeros of="always an error"
