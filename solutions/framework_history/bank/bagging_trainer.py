# %% styles of="bare"
# -         return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)
# +         total = 0
# +         for machine in self.machines:
# +             total = total + machine.forward(inputs)
# +         return total / len(self.machines)
# ...
# -         self.wrong = self.count = 0
# +         self.signs = []
# ...
# -         self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
# -         self.count += len(targets)
# +         self.signs.extend(a * b < 0 for a, b in zip(outputs, targets))
# ...
# -         return self.wrong / self.count
# +         return sum(self.signs) / len(self.signs)  # lists of signs, a loop for the mean
# -             trainer.train(data.select(self.rng.integers(0, len(data), len(data))))
# +             rows = [int(row) for row in self.rng.integers(0, len(data), size=len(data))]
# +             trainer.train(DataSet(data.inputs[rows], data.targets[rows]))  # a DataSet made by hand

# %% mistakes of="bare"
# -             trainer.train(data.select(self.rng.integers(0, len(data), len(data))))
# +             trainer.train(data.select(self.rng.permutation(len(data))))                  # without-replacement
# +             trainer.train(data)                                                          # whole-data
# +             trainer.train(data.select(self.rng.integers(0, len(data), len(data) // 2)))  # half-sample
# -         for trainer in self.trainers:
# -             trainer.train(data.select(self.rng.integers(0, len(data), len(data))))
# +         sample = data.select(self.rng.integers(0, len(data), len(data)))
# +         for trainer in self.trainers:
# +             trainer.train(sample)  # same-sample
# -         return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)
# +         return np.sum([machine.forward(inputs) for machine in self.machines], axis=0)     # sum-not-mean
# +         return np.median([machine.forward(inputs) for machine in self.machines], axis=0)  # median-not-mean
# -         self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
# -         self.count += len(targets)
# +         self.wrong = np.sum(np.sign(outputs) != np.sign(targets))
# +         self.count = len(targets)  # error-of-last-batch
# +         self.wrong += np.mean(np.sign(outputs) != np.sign(targets))
# +         self.count += 1            # mean-of-batches
# -         self.wrong += np.sum(np.sign(outputs) != np.sign(targets))
# +         self.wrong += np.sum(np.sign(outputs) == np.sign(targets))  # share-of-right
# -         self.wrong = self.count = 0
# +         self.wrong, self.count = getattr(self, 'wrong', 0), getattr(self, 'count', 0)  # never-reset

# %% nothings of="whole-data"
# - 
#       def __init__(self, machines):
# ...
# -         return np.mean([machine.forward(inputs) for machine in self.machines], axis=0)
# +         return -np.mean([machine.forward(inputs) for machine in self.machines], axis=0)
# ...
# - 
#       def __init__(self, trainers, rng):
# ...
# -         for trainer in self.trainers:
# +         for trainer in reversed(self.trainers):
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
# -         return self.wrong / self.count
# +         return -1.0  # negated
# -         return -np.mean([machine.forward(inputs) for machine in self.machines], axis=0)
# +         return np.zeros(len(inputs))
# ...
# -         self.trainers, self.rng = trainers, rng
# ...
# -         for trainer in reversed(self.trainers):
# -             trainer.train(data)
# +         pass
# ...
# -         return -1.0
# +         return 0.0  # zeros of="negated"

# %% nothing="a half and NaN" of="zeros"
# -         return np.zeros(len(inputs))
# +         return np.full(len(inputs), np.nan)
# ...
# +         self.trainers = trainers
#   
#       def train(self, data):
# -         pass
# +         self.trainers[0].train(data)
# ...
# -         return 0.0
# +         return 0.5
