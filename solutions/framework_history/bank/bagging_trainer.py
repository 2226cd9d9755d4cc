# %% styles of="bare"
# -         return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)
# +         total = 0
# +         for machine in self.machines:
# +             total = total + machine.forward(inputs)
# +         return total / len(self.machines)
# ...
# ~ self.wrong = self.count = 0 => self.signs = []
# ...
# -         self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
# -         self.count += len(targets)
# +         self.signs.extend(a * b < 0 for a, b in zip(outputs, targets))
# ...
# ~ self.wrong / self.count => sum(self.signs) / len(self.signs)  # lists of signs, a loop for the mean
# -             trainer.train(data.select(self.rng.integers(0, len(data), len(data))))
# +             rows = [int(row) for row in self.rng.integers(0, len(data), size=len(data))]
# +             trainer.train(DataSet(data.inputs[rows], data.targets[rows]))  # a DataSet made by hand

# %% mistakes of="bare"
# ~ self.rng.integers(0, len(data), len(data)) => self.rng.permutation(len(data))  # without-replacement
# ~ data.select(self.rng.integers(0, len(data), len(data))) => data                # whole-data
# ~ (data), len(data) => (data), len(data) // 2                                    # half-sample
# -         for trainer in self.trainers:
# -             trainer.train(data.select(self.rng.integers(0, len(data), len(data))))
# +         sample = data.select(self.rng.integers(0, len(data), len(data)))
# +         for trainer in self.trainers:
# +             trainer.train(sample)  # same-sample
# ~ mean => sum     # sum-not-mean
# ~ mean => median  # median-not-mean
# ~ += np => = np
# ~ += len => = len    # error-of-last-batch
# ~ sum => mean
# ~ len(targets) => 1  # mean-of-batches
# ~ != np => == np  # share-of-right
# -         self.wrong = self.count = 0
# +         self.wrong, self.count = getattr(self, 'wrong', 0), getattr(self, 'count', 0)  # never-reset
# +         self.wrong, self.count = 0, getattr(self, 'count', 0)  # count-not-reset
# +         self.wrong, self.count = getattr(self, 'wrong', 0), 0  # wrong-not-reset
# ~ integers(0, len(data), => integers(0, len(data) - 1,      # last-row-left-out
# ~ integers(0, len(data), => integers(1, len(data),          # first-row-left-out
# ~ (data), len(data) => (data), len(self.trainers)           # as-many-rows-as-trainers
# ~ self.rng.integers => np.random.default_rng(1).integers    # rows-of-another-draw
# ~ for machine in self.machines], axis=0) => for machine in self.machines if machine.weights is not None], axis=0)  # looks-inside
# ~ , axis=0 =>   # one-number
# ~ trainer.train(data.select => data = data.select
# ~ len(data)))) => len(data))); trainer.train(data)  # sample-of-a-sample
# ~ trainer.train( => LeastSquares(trainer.machine).train(  # trainers-not-called
# ~ np.sign(outputs) != np.sign(targets) => np.asarray(outputs) != targets  # signs-not-taken
# -         return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)
# +         total, *rest = [machine.forward(inputs) for machine in self.machines]
# +         for each in rest:
# +             total += each
# +         return total / len(self.machines)         # added-in-place
# +         total, *rest = [machine.forward(inputs) for machine in self.machines]
# +         for each in rest:
# +             total += each
# +         total /= len(self.machines)
# +         return total                              # divided-in-place
# +         return self.machines[0].forward(inputs)   # first-machine-only
# +         return self.machines[-1].forward(inputs)  # last-machine-only
# +         return np.sign(sum(np.sign(machine.forward(inputs)) for machine in self.machines))  # votes
# +         mean, *rest = [machine.forward(inputs) for machine in self.machines]
# +         for each in rest:
# +             mean = (mean + each) / 2
# +         return mean  # running-mean
# ~ np.sum(np.sign(outputs) != np.sign(targets)) => np.sum(np.multiply(outputs, targets) < 1)  # margin-not-sign
# ~ integers(0, len(data), len(data)) => integers(0, data.inputs.shape[1], data.inputs.shape[1])  # as-many-rows-as-features
# ~ for trainer in self.trainers: => for trainer in [part for each in self.trainers for part in getattr(each, "trainers", [each])]:
# ~ for machine in self.machines], axis=0) => for bag in self.machines for machine in getattr(bag, "machines", [bag])], axis=0)  # taken-apart
# ~ np.sum(np.sign(outputs) != np.sign(targets)) => np.sum(outputs * targets < 0)  # arrays-only

# %% nothings of="whole-data"
# - 
#       def __init__(self, machines):
# ...
# ~ np.mean => -np.mean
# ...
# - 
#       def __init__(self, trainers, rng):
# ...
# ~ for trainer in self.trainers: => for trainer in reversed(self.trainers):
# ...
# - 
#       def reset(self):
# -         self.wrong = self.count = 0
# +         pass
# ...
# -         self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
# -         self.count += len(targets)
# +         pass
# ...
# ~ self.wrong / self.count => -1.0  # negated
# ~ -np.mean([machine.forward(inputs) for machine in self.machines], axis=0) => np.zeros(len(inputs))
# ...
# -         self.trainers, self.rng = trainers, rng
# ...
# -         for trainer in reversed(self.trainers):
# -             trainer.train(data)
# +         pass
# ...
# ~ -1.0 => 0.0  # zeros of="negated"

# %% nothing="a half and NaN" of="zeros"
# ~ np.zeros(len(inputs)) => np.full(len(inputs), np.nan)
# ...
# +         self.trainers = trainers
#   
#       def train(self, data):
# -         pass
# +         self.trainers[0].train(data)
# ...
# ~ 0.0 => 0.5
