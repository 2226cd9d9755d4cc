# %% mistake="without-replacement"
class Average(Machine):

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)


class BaggingTrainer(Trainer):

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        for trainer in self.trainers:
            trainer.train(data.select(self.rng.permutation(len(data))))


class ClassErrorMeasurer(Measurer):

    def reset(self):
        self.wrong = self.count = 0

    def add(self, outputs, targets):
        self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
        self.count += len(targets)

    def value(self):
        return self.wrong / self.count

# %% mistake="whole-data"
class Average(Machine):

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)


class BaggingTrainer(Trainer):

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        for trainer in self.trainers:
            trainer.train(data)


class ClassErrorMeasurer(Measurer):

    def reset(self):
        self.wrong = self.count = 0

    def add(self, outputs, targets):
        self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
        self.count += len(targets)

    def value(self):
        return self.wrong / self.count

# %% mistake="same-sample"
class Average(Machine):

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)


class BaggingTrainer(Trainer):

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        sample = data.select(self.rng.integers(0, len(data), len(data)))
        for trainer in self.trainers:
            trainer.train(sample)


class ClassErrorMeasurer(Measurer):

    def reset(self):
        self.wrong = self.count = 0

    def add(self, outputs, targets):
        self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
        self.count += len(targets)

    def value(self):
        return self.wrong / self.count

# %% mistake="half-sample"
class Average(Machine):

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)


class BaggingTrainer(Trainer):

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        for trainer in self.trainers:
            trainer.train(data.select(self.rng.integers(0, len(data), len(data) // 2)))


class ClassErrorMeasurer(Measurer):

    def reset(self):
        self.wrong = self.count = 0

    def add(self, outputs, targets):
        self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
        self.count += len(targets)

    def value(self):
        return self.wrong / self.count

# %% mistake="sum-not-mean"
class Average(Machine):

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.sum([machine.forward(inputs) for machine in self.machines], axis=0)


class BaggingTrainer(Trainer):

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        for trainer in self.trainers:
            trainer.train(data.select(self.rng.integers(0, len(data), len(data))))


class ClassErrorMeasurer(Measurer):

    def reset(self):
        self.wrong = self.count = 0

    def add(self, outputs, targets):
        self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
        self.count += len(targets)

    def value(self):
        return self.wrong / self.count

# %% mistake="median-not-mean"
class Average(Machine):

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.median([machine.forward(inputs) for machine in self.machines], axis=0)


class BaggingTrainer(Trainer):

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        for trainer in self.trainers:
            trainer.train(data.select(self.rng.integers(0, len(data), len(data))))


class ClassErrorMeasurer(Measurer):

    def reset(self):
        self.wrong = self.count = 0

    def add(self, outputs, targets):
        self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
        self.count += len(targets)

    def value(self):
        return self.wrong / self.count

# %% mistake="error-of-last-batch"
class Average(Machine):

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)


class BaggingTrainer(Trainer):

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        for trainer in self.trainers:
            trainer.train(data.select(self.rng.integers(0, len(data), len(data))))


class ClassErrorMeasurer(Measurer):

    def reset(self):
        self.wrong = self.count = 0

    def add(self, outputs, targets):
        self.wrong = np.sum(np.sign(outputs) != np.sign(targets))
        self.count = len(targets)

    def value(self):
        return self.wrong / self.count

# %% mistake="mean-of-batches"
class Average(Machine):

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)


class BaggingTrainer(Trainer):

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        for trainer in self.trainers:
            trainer.train(data.select(self.rng.integers(0, len(data), len(data))))


class ClassErrorMeasurer(Measurer):

    def reset(self):
        self.wrong = self.count = 0

    def add(self, outputs, targets):
        self.wrong += np.mean(np.sign(outputs) != np.sign(targets))
        self.count += 1

    def value(self):
        return self.wrong / self.count

# %% mistake="share-of-right"
class Average(Machine):

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)


class BaggingTrainer(Trainer):

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        for trainer in self.trainers:
            trainer.train(data.select(self.rng.integers(0, len(data), len(data))))


class ClassErrorMeasurer(Measurer):

    def reset(self):
        self.wrong = self.count = 0

    def add(self, outputs, targets):
        self.wrong += np.sum(np.sign(outputs) == np.sign(targets))
        self.count += len(targets)

    def value(self):
        return self.wrong / self.count

# %% mistake="never-reset"
class Average(Machine):

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)


class BaggingTrainer(Trainer):

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        for trainer in self.trainers:
            trainer.train(data.select(self.rng.integers(0, len(data), len(data))))


class ClassErrorMeasurer(Measurer):

    def reset(self):
        self.wrong, self.count = getattr(self, 'wrong', 0), getattr(self, 'count', 0)

    def add(self, outputs, targets):
        self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
        self.count += len(targets)

    def value(self):
        return self.wrong / self.count

# %% style="lists of signs, a loop for the mean"
class Average(Machine):

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        total = 0
        for machine in self.machines:
            total = total + machine.forward(inputs)
        return total / len(self.machines)


class BaggingTrainer(Trainer):

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        for trainer in self.trainers:
            trainer.train(data.select(self.rng.integers(0, len(data), len(data))))


class ClassErrorMeasurer(Measurer):

    def reset(self):
        self.signs = []

    def add(self, outputs, targets):
        self.signs.extend(a * b < 0 for a, b in zip(outputs, targets))

    def value(self):
        return sum(self.signs) / len(self.signs)

# %% style="a DataSet made by hand"
class Average(Machine):

    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)


class BaggingTrainer(Trainer):

    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        for trainer in self.trainers:
            rows = [int(row) for row in self.rng.integers(0, len(data), size=len(data))]
            trainer.train(DataSet(data.inputs[rows], data.targets[rows]))


class ClassErrorMeasurer(Measurer):

    def reset(self):
        self.wrong = self.count = 0

    def add(self, outputs, targets):
        self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
        self.count += len(targets)

    def value(self):
        return self.wrong / self.count

# %% nothing="zeros"
class Average(Machine):
    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.zeros(len(inputs))


class BaggingTrainer(Trainer):
    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))

    def train(self, data):
        pass


class ClassErrorMeasurer(Measurer):
    def reset(self):
        pass

    def add(self, outputs, targets):
        pass

    def value(self):
        return 0.0

# %% nothing="a half and NaN"
class Average(Machine):
    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return np.full(len(inputs), np.nan)


class BaggingTrainer(Trainer):
    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers = trainers

    def train(self, data):
        self.trainers[0].train(data)


class ClassErrorMeasurer(Measurer):
    def reset(self):
        pass

    def add(self, outputs, targets):
        pass

    def value(self):
        return 0.5

# %% nothing="negated"
class Average(Machine):
    def __init__(self, machines):
        self.machines = machines

    def forward(self, inputs):
        return -np.mean([machine.forward(inputs) for machine in self.machines], axis=0)


class BaggingTrainer(Trainer):
    def __init__(self, trainers, rng):
        super().__init__(Average([trainer.machine for trainer in trainers]))
        self.trainers, self.rng = trainers, rng

    def train(self, data):
        for trainer in reversed(self.trainers):
            trainer.train(data)


class ClassErrorMeasurer(Measurer):
    def reset(self):
        pass

    def add(self, outputs, targets):
        pass

    def value(self):
        return -1.0
