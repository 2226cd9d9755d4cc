# %% mistakes of="bare"
# -                 network.zeroGradParameters()
# +   # gradients-not-zeroed
# -                 network.zeroGradParameters()
# ...
# ~ network.training() => network.training() or network.zeroGradParameters()  # zeroed-once-an-epoch
# -                 network.zeroGradParameters()
# ...
# ~ network.updateParameters(state["lr"]) => network.updateParameters(state["lr"]); network.zeroGradParameters()  # zeroed-after-the-update
# -                 network.zeroGradParameters()
# ...
# ~ network.updateParameters(state["lr"]) => network.zeroGradParameters(); network.updateParameters(state["lr"])  # zeroed-before-the-update
# ~ self.hooks[name](state) => self.hooks[name](dict(state))  # copies-for-hooks
# ~ self.call("onStartEpoch", state) => self.call("onStartEpoch", state); state["t"] = 0  # t-of-the-epoch
# ~ state["lr"] => lr  # rate-of-the-argument
# ~ criterion.backward(network.output, sample["target"]) => gradient = criterion.backward(network.output, sample["target"])
# ~ criterion.gradInput => gradient  # gradient-returned
# ~ criterion.backward(network.output, sample["target"]) => criterion.backward(sample["target"], network.output)  # gradient-turned
# -                 criterion.forward(network.output, sample["target"])
# +                 criterion.forward(sample["target"], network.output)  # loss-turned
# -         while state["epoch"] < state["maxepoch"]:
# +         drawn = list(iterator())
# +         iterator = lambda: drawn
# +         while state["epoch"] < state["maxepoch"]:  # samples-of-the-start
# ~ network.training() => state["epoch"] or network.training()  # training-once
# -         while state["epoch"] < state["maxepoch"]:
# -             network.training()
# +         network.training()
# +         while state["epoch"] < state["maxepoch"]:  # training-before-the-epochs
# ~ "training": False => "training": True  # test-says-training
# ~ "t": 0, "training": False => "t": 0, "training": False, "lr": 0.0, "maxepoch": 1, "epoch": 0  # keys-of-training
#               self.call("onEndEpoch", state)
#           self.call("onEnd", state)
# -         return state
# ...
#               self.call("onForwardCriterion", state)
#           self.call("onEnd", state)
# -         return state
# +   # nothing-returned
# ~ while state["epoch"] < state["maxepoch"]: => for _ in range(maxepoch):  # epochs-of-the-argument
# -                 network.updateParameters(state["lr"])
# -                 state["t"] += 1
# -                 self.call("onUpdate", state)
# +                 network.updateParameters(state["lr"])
# +                 self.call("onUpdate", state)
# +                 state["t"] += 1                        # t-after-the-hook
# +                 state["t"] += 1
# +                 self.call("onUpdate", state)
# +                 network.updateParameters(state["lr"])  # update-after-the-hook
# -             state["epoch"] += 1
# -             self.call("onEndEpoch", state)
# +             self.call("onEndEpoch", state)
# +             state["epoch"] += 1  # epoch-after-the-hook
# -                 state["sample"] = sample
# -                 self.call("onSample", state)
# +                 self.call("onSample", state)
# +                 state["sample"] = sample  # sample-after-the-hook
# -                 self.call("onBackwardCriterion", state)
# -                 network.backward(sample["input"], criterion.gradInput)
# -                 self.call("onBackward", state)
# +                 self.call("onBackward", state)
# +                 network.backward(sample["input"], criterion.gradInput)
# +                 self.call("onBackwardCriterion", state)  # backward-hooks-swapped
# -             self.call("onForwardCriterion", state)
# +             self.call("onForwardCriterion", state)
# +             network.backward(sample["input"], 1.0)
# +             network.updateParameters(0.1)  # learns-in-test
# ~ evaluate => training  # test-in-training-mode
# -         self.call("onStart", state)
# -         network.evaluate()
# +         network.evaluate()
# +         self.call("onStart", state)  # mode-before-onStart
# -                 network.updateParameters(state["lr"])
# -                 state["t"] += 1
# +                 network.updateParameters(state["lr"])
# ...
# -             state["t"] += 1
# -             self.call("onForward", state)
# +             self.call("onForward", state)  # t-not-counted
#               self.call("onEndEpoch", state)
# -         self.call("onEnd", state)
# ...
# -         self.call("onEnd", state)
# +   # no-onEnd

# %% style="generators of events"
class SGDEngine:
    def __init__(self):
        self.hooks = {}

    def drive(self, events, state):
        for name in events:
            self.hooks.get(name, lambda state: None)(state)
        return state

    def train(self, network, criterion, iterator, lr, maxepoch):
        state = dict(network=network, criterion=criterion, iterator=iterator, lr=lr, maxepoch=maxepoch)
        state.update(sample={}, epoch=0, t=0, training=True)

        def events():
            yield "onStart"
            while state["maxepoch"] > state["epoch"]:
                state["network"].training()
                yield "onStartEpoch"
                for state["sample"] in state["iterator"]():
                    yield "onSample"
                    x, t = state["sample"]["input"], state["sample"]["target"]
                    network.zeroGradParameters()
                    network.forward(x)
                    yield "onForward"
                    criterion.forward(network.output, t)
                    yield "onForwardCriterion"
                    criterion.backward(network.output, t)
                    yield "onBackwardCriterion"
                    network.backward(x, criterion.gradInput)
                    yield "onBackward"
                    network.updateParameters(state["lr"])
                    state["t"] = state["t"] + 1
                    yield "onUpdate"
                state["epoch"] = state["epoch"] + 1
                yield "onEndEpoch"
            yield "onEnd"

        return self.drive(events(), state)

    def test(self, network, iterator, criterion):
        state = dict(network=network, criterion=criterion, iterator=iterator, sample={}, t=0, training=False)

        def events():
            yield "onStart"
            network.evaluate()
            for state["sample"] in iterator():
                yield "onSample"
                output = network.forward(state["sample"]["input"])
                state["t"] += 1
                yield "onForward"
                criterion.forward(output, state["sample"]["target"])
                yield "onForwardCriterion"
            yield "onEnd"

        return self.drive(events(), state)

# %% style="one epoch for both"
class SGDEngine:
    def __init__(self):
        self.hooks = {}

    def call(self, name, state):
        hook = self.hooks.get(name)
        if hook is not None:
            hook(state)

    def epoch(self, state):
        network, criterion = state["network"], state["criterion"]
        for sample in state["iterator"]():
            state["sample"] = sample
            self.call("onSample", state)
            output = network.forward(sample["input"])
            if not state["training"]:
                state["t"] += 1
            self.call("onForward", state)
            criterion.forward(output, sample["target"])
            self.call("onForwardCriterion", state)
            if state["training"]:
                network.zeroGradParameters()
                gradient = criterion.backward(output, sample["target"])
                self.call("onBackwardCriterion", state)
                network.backward(sample["input"], criterion.gradInput)
                self.call("onBackward", state)
                network.updateParameters(state["lr"])
                state["t"] += 1
                self.call("onUpdate", state)

    def train(self, network, criterion, iterator, lr, maxepoch):
        state = {"network": network, "criterion": criterion, "iterator": iterator, "lr": lr, "maxepoch": maxepoch}
        state |= {"sample": {}, "epoch": 0, "t": 0, "training": True}
        self.call("onStart", state)
        while state["epoch"] < state["maxepoch"]:
            network.training()
            self.call("onStartEpoch", state)
            self.epoch(state)
            state["epoch"] += 1
            self.call("onEndEpoch", state)
        self.call("onEnd", state)
        return state

    def test(self, network, iterator, criterion):
        state = {"network": network, "criterion": criterion, "iterator": iterator, "sample": {}, "t": 0, "training": False}
        self.call("onStart", state)
        network.evaluate()
        self.epoch(state)
        self.call("onEnd", state)
        return state

# %% nothing="nothing"
class SGDEngine:
    def __init__(self):
        self.hooks = {}

    def train(self, network, criterion, iterator, lr, maxepoch):
        return {'t': 0, 'epoch': 0}

    def test(self, network, iterator, criterion):
        return {"t": 0}

# %% nothing="None" of="nothing"
# -         return {'t': 0, 'epoch': 0}
# +         return None

# %% nothing="all hooks once, nothing learnt" of="^"
# +         state = {'sample': {}, 'epoch': maxepoch, 't': 0, 'training': True, 'lr': lr, 'criterion': criterion}
# +         for hook in list(self.hooks.values()):
# +             hook(state)
# +         return state
