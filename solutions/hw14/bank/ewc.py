# %% style="loop over examples, autograd.grad"
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        was_training = model.training
        model.eval()
        names, parameters = zip(*[(n, p) for n, p in model.named_parameters() if p.requires_grad])
        omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        count = 0
        for inputs, labels in batches:
            for x, y in zip(inputs, labels):
                f = model(x[None])
                loss = F.cross_entropy(f, y.reshape(1))
                for name, g in zip(names, torch.autograd.grad(loss, parameters, allow_unused=True)):
                    if g is not None:
                        omega[name] += g ** 2
                count += 1
        model.train(was_training)
        return {name: value / count for name, value in omega.items()}

# %% style="backward, zero_grad, gradients put back"
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        before = {n: p.grad for n, p in model.named_parameters()}
        was_training = model.training
        model.eval()
        omega = {n: p.detach().clone().zero_() for n, p in model.named_parameters()}
        count = 0
        for inputs, labels in batches:
            for x, y in zip(inputs.split(1), labels.split(1)):
                for p in model.parameters():
                    p.grad = None
                f = model(x)
                (F.cross_entropy(f, y.reshape(1))).backward()
                for n, p in model.named_parameters():
                    if p.grad is not None:
                        omega[n] += p.grad ** 2
                count += len(x)
        for n, p in model.named_parameters():
            p.grad = before[n]
            omega[n] /= count
        model.train(was_training)
        return omega

# %% style="a copy of the model"
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        import copy

        twin = copy.deepcopy(model).eval()
        total, count = {n: torch.zeros_like(p) for n, p in model.named_parameters()}, 0
        for inputs, labels in batches:
            for i in range(inputs.shape[0]):
                twin.zero_grad()
                f, y = twin(inputs[i : i + 1]), labels[i]
                (F.cross_entropy(f, y.reshape(1))).backward()
                for n, p in twin.named_parameters():
                    total[n] += 0 if p.grad is None else p.grad ** 2
            count += inputs.shape[0]
        return {n: t.div(count).detach() for n, t in total.items()}

# %% style="torch.func.vmap"
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        from torch.func import functional_call, grad, vmap

        was_training = model.training
        model.eval()
        state = {n: p.detach() for n, p in model.named_parameters()}

        def loss_of_one(state, x, y):
            f = functional_call(model, state, (x[None],))
            return F.cross_entropy(f, y.reshape(1))

        answer, count = {n: torch.zeros_like(p) for n, p in state.items()}, 0
        for inputs, labels in batches:
            gradients = vmap(grad(loss_of_one), in_dims=(None, 0, 0))(state, inputs, labels)
            for n, p in model.named_parameters():
                if p.requires_grad:
                    answer[n] += (gradients[n] ** 2).sum(0)
            count += len(labels)
        model.train(was_training)
        return {n: a / count for n, a in answer.items()}

# %% style="closed form for Linear layers"
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        modules = [(n, m) for n, m in model.named_children()]
        with torch.no_grad():
            omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
            total = 0
            for inputs, labels in batches:
                values, tape = inputs, []
                for n, m in modules:
                    if isinstance(m, nn.Dropout):
                        continue
                    tape.append((n, m, values))
                    values = m(values)
                delta = (torch.softmax(values, 1) - F.one_hot(labels, values.shape[1]))
                for n, m, a in reversed(tape):
                    if isinstance(m, nn.Linear):
                        if m.weight.requires_grad:
                            omega[n + ".weight"] += (delta**2).T @ a**2
                        if m.bias is not None and m.bias.requires_grad:
                            omega[n + ".bias"] += (delta ** 2).sum(0)
                        delta = delta @ m.weight
                    elif isinstance(m, nn.ReLU):
                        delta = delta * (a > 0)
                    elif isinstance(m, nn.Tanh):
                        delta = delta * (1 - torch.tanh(a) ** 2)
                    elif isinstance(m, nn.Sigmoid):
                        delta = delta * torch.sigmoid(a) * torch.sigmoid(-a)
                total += len(inputs)
            return {n: o / total for n, o in omega.items()}

# %% style="forward hooks and output gradients"
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        tape = {}

        def remember(name):
            def hook(module, arguments, output):
                tape[name] = (module, arguments[0].detach(), output)

            return hook

        hooks = [m.register_forward_hook(remember(n)) for n, m in model.named_modules() if isinstance(m, nn.Linear)]
        modes = {m: m.training for m in model.modules()}
        model.eval()
        omega, count = {n: torch.zeros_like(p) for n, p in model.named_parameters()}, 0
        try:
            for inputs, labels in batches:
                f = model(inputs)
                loss = F.cross_entropy(f, labels, reduction="sum")
                layers = [(n, *t) for n, t in tape.items() if t[2].requires_grad]
                deltas = torch.autograd.grad(loss, [t[3] for t in layers])
                for (n, m, a, _), delta in zip(layers, deltas):
                    for kind, value in (("weight", torch.einsum("ni,nj->nij", delta, a)), ("bias", delta)):
                        p = getattr(m, kind)
                        if p is not None and p.requires_grad:
                            omega[f"{n}.{kind}"] += (value ** 2).sum(0)
                count += len(inputs)
        finally:
            for h in hooks:
                h.remove()
            for m, mode in modes.items():
                m.training = mode
        return {n: o / count for n, o in omega.items()}

# %% style="example_gradients"
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        omega, count = {n: torch.zeros_like(p) for n, p in model.named_parameters()}, 0
        with evaluating(model):
            for inputs, labels in batches:
                for gradients in example_gradients(model, inputs, labels, F.cross_entropy):
                    for n, g in gradients.items():
                        omega[n] += (g ** 2).sum(0)
                    count += len(g)
        return {n: o / count for n, o in omega.items()}

# %% mistakes of="example_gradients"
# -                     count += len(g)
# +                     count += len(g)
# +                     break                      # first-chunk
# ~ len(g) => 1
# ~ .sum(0) => .mean(0)  # mean-of-batch-means

# %% mistake="last-only"
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        was_training = model.training
        model.eval()
        parameters = {n: p for n, p in model.named_parameters() if p.requires_grad}
        omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        number = 0
        for inputs, labels in batches:
            f = model(inputs)
            loss = F.cross_entropy(f, labels)
            for name, g in zip(parameters, torch.autograd.grad(loss, list(parameters.values()), allow_unused=True)):
                if g is not None:
                    omega[name] = g ** 2
            number += 1
        model.train(was_training)
        return {name: value for name, value in omega.items()}

# %% mistakes of="squared-batch-mean"
# ~ = g => += g
# ~ value for name => value / number for name  # squared-batch-mean of="last-only"
# -             number += 1
# +             number += len(inputs)  # squared-batch-mean
# +             number += 1
# +             break       # first-only
# -             loss = F.cross_entropy(f, labels)
# +             loss = F.cross_entropy(f, labels, reduction="sum")  # squared-batch-sum
# +             loss = F.cross_entropy(f, labels, reduction="sum")  # squared-batch-sum of="squared-batch-mean 2"
# ~ g ** 2 => (g ** 2) * len(inputs)  # squared-batch-mean of="squared-batch-mean 2"

# %% mistake="squared-batch-mean"
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        # the loop of the public notebook
        model.eval()
        precision = {n: p.clone().detach().fill_(0) for n, p in model.named_parameters()}
        number = sum(1 for _ in batches)
        for inputs, labels in batches:
            model.zero_grad()
            f = model(inputs)
            loss = F.cross_entropy(f, labels)
            loss.backward()
            for n, p in model.named_parameters():
                if p.grad is not None:
                    precision[n].data += p.grad.data ** 2 / number
        return precision

# %% mistake="squared-mean-gradient"
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        was_training = model.training
        model.eval()
        learnable = {n: p for n, p in model.named_parameters() if p.requires_grad}
        total = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        count = 0
        for inputs, labels in batches:
            f = model(inputs)
            for n, g in zip(learnable, torch.autograd.grad(F.cross_entropy(f, labels, reduction="sum"), list(learnable.values()), allow_unused=True)):
                if g is not None:
                    total[n] += g
            count += len(inputs)
        model.train(was_training)
        return {n: (t / count) ** 2 for n, t in total.items()}

# %% mistakes of="loop over examples, autograd.grad"
# ~ (t / count) ** 2 => t ** 2 / count  # squared-mean-gradient of="squared-mean-gradient"
# ~ value / count for name => value for name                              # sum
# ~ value / count => (value / count).sqrt()                               # root
# ~ value / count => torch.full_like(value, float(value.mean()) / count)  # one-number-per-tensor
# ~ value / count => value / max(float(v.max()) for v in omega.values())  # normalised
# -                 count += 1
# +             count += 1  # divided-by-batches
# +                 count += 1
# +             break       # first-only
# ~ += g => = g             # last-only
# ~ g ** 2 => g.abs()       # absolute-gradient
# ~ g ** 2 => g             # signed-gradient
# ~ g ** 2 => -(g ** 2)     # negated
# ~ g ** 2 => 0.5 * g ** 2  # halved
# -         model.eval()
# +                        # training-mode
# +         model.train()  # training-mode
# -         model.train(was_training)
# +                        # left-in-eval
# +         model.train()  # left-in-train
# ~ torch.zeros_like(p) => torch.zeros(p.shape)  # single-precision
# ~ y.reshape(1) => f.argmax(dim=1)                                                             # predicted-label
# ~ F.cross_entropy(f, y.reshape(1)) => F.nll_loss(F.softmax(f, dim=1), y.reshape(1))           # nll-of-softmax
# ~ f, y => F.softmax(f, dim=1), y                                                              # softmax-twice
# ~ cross_entropy => nll_loss                                                                   # nll-of-logits
# ~ F.cross_entropy(f, y.reshape(1)) => ((f - F.one_hot(y.reshape(1), f.shape[1])) ** 2).sum()  # squared-error
# ~ F.cross_entropy(f, y.reshape(1)) => f.pow(2).sum()                                          # squared-outputs
# -         names, parameters = zip(*[(n, p) for n, p in model.named_parameters() if p.requires_grad])
# ...
# +                 model.zero_grad()
#                   f = model(x[None])
# -                 loss = F.cross_entropy(f, y.reshape(1))
# -                 for name, g in zip(names, torch.autograd.grad(loss, parameters, allow_unused=True)):
# -                     if g is not None:
# -                         omega[name] += g ** 2
# +                 (F.cross_entropy(f, y.reshape(1))).backward()
# +                 for n, p in model.named_parameters():
# +                     if p.grad is not None:
# +                         omega[n] += p.grad ** 2
# ...
# ~ name: value / count for name, value => n: o / count for n, o  # gradients-left-behind

# %% mistake="never-zeroed" of="gradients-left-behind"
# +         before = {n: p.grad for n, p in model.named_parameters()}
# +         for p in model.parameters():
# +             p.grad = None
#           omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# ...
# -                 model.zero_grad()
# ...
# +         for n, p in model.named_parameters():
# +             p.grad = before[n]
#           model.train(was_training)

# %% mistakes of="never-zeroed"
# +     def __init__(self):
# +         super().__init__()
# +         self.total = {}
# + 
#       def importance(self, model, batches):
# ...
# -         return {name: value / count for name, value in omega.items()}
# +         self.total = {n: self.total.get(n, 0) + value / count for n, value in omega.items()}
# +         return dict(self.total)  # accumulates of="loop over examples, autograd.grad"
# -             for x, y in zip(inputs, labels):
# -                 f = model(x[None])
# -                 (F.cross_entropy(f, y.reshape(1))).backward()
# -                 for n, p in model.named_parameters():
# -                     if p.grad is not None:
# -                         omega[n] += p.grad ** 2
# -                 count += 1
# +             f = model(inputs)
# +             (F.cross_entropy(f, labels)).backward()
# +             for n, p in model.named_parameters():
# +                 if p.grad is not None:
# +                     omega[n] += p.grad ** 2
# +             count += 1  # never-zeroed
# ~ += g => = g                     # last-only of="sum"
# ~ g ** 2 => g ** 2 / len(inputs)  # mean-of-batch-means of="divided-by-batches"

# %% mistake="last-only"
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        was_training = model.training
        model.eval()
        learnable = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        for inputs, labels in batches:
            omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
            for x, y in zip(inputs, labels):
                f = model(x[None])
                for (n, _), g in zip(learnable, torch.autograd.grad(F.cross_entropy(f, y.reshape(1)), [p for _, p in learnable], allow_unused=True)):
                    if g is not None:
                        omega[n] += g ** 2 / len(inputs)
        model.train(was_training)
        return omega

# %% mistake="gradients-cleared" of="gradients-left-behind"
# +         model.zero_grad()
#           model.train(was_training)

# %% mistakes of="accumulates"
# -         omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         if not self.total:
# +             self.total.update({n: torch.zeros_like(p) for n, p in model.named_parameters()})
# +         omega = self.total
# ...
# -         self.total = {n: self.total.get(n, 0) + value / count for n, value in omega.items()}
# -         return dict(self.total)
# +         return {name: value / count for name, value in omega.items()}  # accumulates
# -                 loss = F.cross_entropy(f, y.reshape(1))
# -                 for name, g in zip(names, torch.autograd.grad(loss, parameters, allow_unused=True)):
# -                     if g is not None:
# -                         omega[name] += g ** 2
# +                 for k, probability in enumerate(torch.softmax(f.detach(), dim=1)[0]):
# +                     loss = F.cross_entropy(f, torch.tensor([k]))
# +                     for name, g in zip(names, torch.autograd.grad(loss, parameters, allow_unused=True, retain_graph=True)):
# +                         if g is not None:
# +                             omega[name] += probability * g ** 2  # model-fisher of="loop over examples, autograd.grad"

# %% nothing="the parameters themselves"
class EWC(QuadraticPenalty):
    def importance(self, model, batches):
        return {n: p for n, p in model.named_parameters()}

# %% nothings of="the parameters themselves"
# ~ {n: p for n, p in model.named_parameters()} => self.fisher  # an error
# ~ n: p => n: torch.zeros_like(p)                              # zeros
# ~ n: p => n: torch.ones_like(p)                               # ones
# ~ n: p => n: torch.full_like(p, float("nan"))                 # NaN
# ~ {n: p for n, p in model.named_parameters()} => None         # None
# ~ {n: p for n, p in model.named_parameters()} => {}           # an empty dict
# ~ n: p => n: torch.rand_like(p)                               # random numbers
# ~ n: p => n: p.detach() ** 2                                  # squared weights
# ~ n: p => n: 1.0                                              # numbers for tensors
# ~ {n: p for n, p in model.named_parameters()} => [torch.zeros_like(p) for p in model.parameters()]  # a list
# -         return {name: value / count for name, value in omega.items()}
# +         return {name: -value / count for name, value in omega.items()}  # negated of="loop over examples, autograd.grad"
# +         return {name: value.T / count if value.ndim == 2 else value.flip(0) / count for name, value in omega.items()}  # transposed of="loop over examples, autograd.grad"
