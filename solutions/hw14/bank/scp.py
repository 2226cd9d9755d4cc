# %% style="backward and .grad, put back"
def sphere(slices, dimensions, generator=None):
    z = torch.randn(slices, dimensions, generator=generator)
    return z / z.norm(dim=1, keepdim=True)


class SCP(QuadraticPenalty):
    slices = 100

    def importance(self, model, batches, directions=None):
        was_training = model.training
        kept = {n: p.grad for n, p in model.named_parameters()}
        model.eval()
        outputs = torch.cat([model(x) for x, _ in batches])
        phi = outputs.mean(dim=0)
        if directions is None:
            directions = sphere(self.slices, phi.shape[0])
        L = directions.shape[0]
        importance = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        for l in range(L):
            for p in model.parameters():
                p.grad = None
            torch.dot(directions[l].to(phi), phi).backward(retain_graph=True)
            for n, p in model.named_parameters():
                if p.grad is not None:
                    importance[n] += p.grad.detach() ** 2
        for n, p in model.named_parameters():
            p.grad = kept[n]
        model.train(was_training)
        return {n: v / L for n, v in importance.items()}

# %% style="K backwards and an eigendecomposition"
def sphere(slices, dimensions, generator=None):
    return torch.nn.functional.normalize(torch.randn((slices, dimensions), generator=generator), dim=-1)


class SCP(QuadraticPenalty):
    slices = 100

    def importance(self, model, batches, directions=None):
        was_training = model.training
        model.eval()
        try:
            total, count = None, 0
            for x, _ in batches:
                summed = model(x).sum(0)
                total = summed if total is None else total + summed
                count += x.shape[0]
            phi = total / count
            if directions is None:
                directions = sphere(self.slices, phi.numel())
            xi = directions.double()
            weights, vectors = torch.linalg.eigh(xi.T @ xi / len(xi))
            omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
            learnable = {n: p for n, p in model.named_parameters() if p.requires_grad}
            for weight, vector in zip(weights.clamp(min=0), vectors.T):
                grads = torch.autograd.grad(
                    phi, list(learnable.values()), vector.to(phi), retain_graph=True, allow_unused=True
                )
                for n, g in zip(learnable, grads):
                    if g is not None:
                        omega[n] += weight.to(g) * g * g
            return omega
        finally:
            model.train(was_training)

# %% style="closed form for Linear layers, with hooks"
def sphere(slices, dimensions, generator=None):
    rows = []
    while len(rows) < slices:
        point = torch.rand(dimensions, generator=generator) * 2 - 1
        if 1e-3 < point.norm() <= 1:
            rows.append(point / point.norm())
    return torch.stack(rows)


class SCP(QuadraticPenalty):
    slices = 100

    def importance(self, model, batches, directions=None):
        layers = {n: layer for n, layer in model.named_modules() if isinstance(layer, nn.Linear)}
        ins, outs = {n: [] for n in layers}, {n: [] for n in layers}

        def remember(n):
            def hook(layer, inputs, output):
                ins[n].append(inputs[0].detach())
                if not output.requires_grad:
                    output.requires_grad_(True)
                outs[n].append(output)

            return hook

        was_training = model.training
        model.eval()
        hooks = [layer.register_forward_hook(remember(n)) for n, layer in layers.items()]
        phis = [model(x) for x, _ in batches]
        for hook in hooks:
            hook.remove()
        count = sum(len(phi) for phi in phis)
        if directions is None:
            directions = sphere(self.slices, phis[0].shape[1])
        omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        flat = [o for n in layers for o in outs[n]]
        for xi in directions:
            value = sum(phi.sum(0) @ xi.to(phi.dtype) for phi in phis) / count
            deltas = iter(torch.autograd.grad(value, flat, retain_graph=True))
            for n, layer in layers.items():
                weight, bias = 0, 0
                for a in ins[n]:
                    delta = next(deltas)
                    weight = weight + delta.T @ a
                    bias = bias + delta.sum(0)
                if layer.weight.requires_grad:
                    omega[n + ".weight"] += weight**2 / len(directions)
                if layer.bias is not None and layer.bias.requires_grad:
                    omega[n + ".bias"] += bias**2 / len(directions)
        model.train(was_training)
        return omega

# %% style="torch.func, all slices at once"
def sphere(slices, dimensions, generator=None):
    z = torch.randn(slices, dimensions, generator=generator)
    return z / z.norm(dim=1, keepdim=True)


class SCP(QuadraticPenalty):
    slices = 100

    def importance(self, model, batches, directions=None):
        from torch.func import functional_call, jacrev

        was_training = model.training
        model.eval()
        x = torch.cat([inputs for inputs, _ in batches])
        learnable = {n: p.detach() for n, p in model.named_parameters() if p.requires_grad}

        def phi(parameters):
            return functional_call(model, parameters, (x,)).mean(0)

        slopes = jacrev(phi)(learnable)
        model.train(was_training)
        if directions is None:
            directions = sphere(self.slices, next(iter(slopes.values())).shape[0])
        omega = {}
        for n, p in model.named_parameters():
            if n in slopes:
                omega[n] = torch.tensordot(directions.to(p.dtype), slopes[n], dims=1).square().mean(0)
            else:
                omega[n] = torch.zeros_like(p)
        return omega

# %% style="a graph for each slice, gradients added up over batches"
import math


def sphere(slices, dimensions, generator=None):
    result = torch.empty(slices, dimensions)
    for row in result:
        row.normal_(generator=generator)
        row /= math.sqrt(float((row**2).sum()))
    return result


class SCP(QuadraticPenalty):
    def __init__(self):
        super().__init__()
        self.slices = 100

    def importance(self, model, batches, directions=None):
        was_training = model.training
        model.eval()
        batches = list(batches)
        N = sum(len(y) for _, y in batches)
        if directions is None:
            with torch.no_grad():
                directions = sphere(self.slices, model(batches[0][0]).shape[1])
        names = [n for n, p in model.named_parameters() if p.requires_grad]
        parameters = [p for p in model.parameters() if p.requires_grad]
        omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        for xi in directions:
            sums = [torch.zeros_like(p) for p in parameters]
            for x, _ in batches:
                projected = (model(x) * xi.to(x.dtype)).sum() / N
                for total, g in zip(sums, torch.autograd.grad(projected, parameters, allow_unused=True)):
                    if g is not None:
                        total += g
            for n, total in zip(names, sums):
                omega[n] += total**2
        for value in omega.values():
            value /= len(directions)
        model.train(was_training)
        return omega

# %% style="autograd.grad of each projection"
def sphere(slices, dimensions, generator=None):
    z = torch.randn(slices, dimensions, generator=generator)
    return z / z.norm(dim=1, keepdim=True)


class SCP(QuadraticPenalty):
    slices = 100

    def importance(self, model, batches, directions=None):
        was_training = model.training
        model.eval()
        named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        mean, count = 0, 0
        for x, _ in batches:
            mean = mean + model(x).sum(0)
            count += len(x)
        mean = mean / count
        if directions is None:
            directions = sphere(self.slices, len(mean))
        omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        for xi in directions.to(mean.dtype):
            grads = torch.autograd.grad(mean @ xi, [p for _, p in named], retain_graph=True, allow_unused=True)
            for (n, _), g in zip(named, grads):
                if g is not None:
                    omega[n] += g**2 / len(directions)
        model.train(was_training)
        return omega

# %% mistakes of="autograd.grad of each projection"
# -     z = torch.randn(slices, dimensions, generator=generator)
# -     return z / z.norm(dim=1, keepdim=True)
# +     z = torch.randn(1, dimensions, generator=generator)
# +     return (z / z.norm()).repeat(slices, 1)  # same-direction
# +     axis = torch.randint(dimensions, (slices,), generator=generator)
# +     return torch.eye(dimensions)[axis]       # axes
# +     z = 2 * torch.rand(slices, dimensions, generator=generator) - 1
# +     return z                                 # cube-not-normalised
# ~ z / z.norm(dim=1, keepdim=True) => z                                    # gaussian
# ~ dim=1 => dim=0                                                          # wrong-axis
# ~ z.norm(dim=1, keepdim=True) => z.norm()                                 # norm-of-all
# ~ z.norm => (z**2).sum                                                    # squared-length
# ~ z.norm => z.abs().sum                                                   # taxicab-length
# ~ z.norm(dim=1, keepdim=True) => z.abs().max(dim=1, keepdim=True).values  # largest-entry
# ~ z / z.norm(dim=1, keepdim=True) => z.sign() / dimensions**0.5           # corners
# -     z = torch.randn(slices, dimensions, generator=generator)
# +     z = torch.randn(slices, dimensions, generator=generator).abs()   # positive-only
# +     z = torch.rand(slices, dimensions, generator=generator)          # positive-cube
# +     z = 2 * torch.rand(slices, dimensions, generator=generator) - 1  # cube
# +     z = torch.randn(slices, dimensions)                              # generator-ignored
# +     torch.manual_seed(0)
# +     z = torch.randn(slices, dimensions)                              # always-the-same
# +     z = torch.randn(slices, dimensions, generator=generator or torch.Generator())  # drawn-alike
# +     again = generator and torch.Generator().manual_seed(generator.initial_seed())
# +     z = torch.randn(slices, dimensions, generator=again)  # starts-anew
# -             directions = sphere(self.slices, len(mean))
# +             self.drawn = directions = getattr(self, "drawn", sphere(self.slices, len(mean)))  # directions-kept
# +             directions = sphere(100, len(mean))                         # slices-fixed
# +             directions = torch.randn(self.slices, len(mean))            # other-directions
# +             directions = sphere(self.slices, len(mean))
# +         directions = directions / directions.norm(dim=1, keepdim=True)  # directions-normalised
# -                     omega[n] += g**2 / len(directions)
# +                     omega[n] += g**2                       # sum-over-slices
# +                     omega[n] += g.abs() / len(directions)  # absolute
# +                     omega[n] += g / len(directions)        # signed
# +                     omega[n] -= g**2 / len(directions)     # negated
# +                     omega[n] = g**2                        # last-slice
# +                     omega[n] = g**2 / len(directions)      # last-slice
# +                     omega[n] += g**2
# +             break                                          # first-slice
# -         model.train(was_training)
# +         model.train(was_training)
# +         omega = {n: v.sqrt() for n, v in omega.items()}      # root
# +                                                              # left-in-eval
# +         model.train()                                        # left-in-train
# +         model.train(was_training)
# +         model.zero_grad()                                    # gradients-cleared
# -         mean = mean / count
# +                              # outputs-summed
# +             break
# +         mean = mean / count  # first-batch
# ~ len(x) => 1                        # divided-by-batches
# ~ sum => mean
# ~ len(x) => 1                        # mean-of-batch-means
# ~ mean + model(x).sum(0) => model(x).sum(0)
# ~ count += len(x) => count = len(x)  # last-batch
# ~ model(x).sum => model(x).softmax(1).sum      # softmax-outputs
# ~ model(x).sum => model(x).log_softmax(1).sum  # log-softmax-outputs
# ~ model(x).sum => (model(x) ** 2).sum          # outputs-squared
# -         model.eval()
# +   # training-mode
# -             grads = torch.autograd.grad(mean @ xi, [p for _, p in named], retain_graph=True, allow_unused=True)
# +             model.zero_grad()
# +             (mean @ xi).backward(retain_graph=True)
# +             grads = [p.grad for _, p in named]  # gradients-left-behind
# ~ torch.zeros_like(p) => torch.zeros(p.shape)  # single-precision
# -         for xi in directions.to(mean.dtype):
# -             grads = torch.autograd.grad(mean @ xi, [p for _, p in named], retain_graph=True, allow_unused=True)
# -             for (n, _), g in zip(named, grads):
# -                 if g is not None:
# -                     omega[n] += g**2 / len(directions)
# +         scalar = (directions.to(mean.dtype) @ mean).mean()
# +         grads = torch.autograd.grad(scalar, [p for _, p in named], allow_unused=True)
# +         for (n, _), g in zip(named, grads):
# +             if g is not None:
# +                 omega[n] += g.abs()  # mean-of-scalars
# ~ g.abs() => g**2  # mean-of-scalars of="mean-of-scalars"
# ~ .mean => .sum  # sum-of-scalars of="mean-of-scalars 2"
# ~ g**2 => g**2 / len(directions)  # sum-of-scalars of="sum-of-scalars"
# ~ directions.to(mean.dtype) => torch.eye(len(mean), dtype=mean.dtype)
# ~ len(directions) => len(mean)  # all-directions
# -         mean, count = 0, 0
# -         for x, _ in batches:
# -             mean = mean + model(x).sum(0)
# -             count += len(x)
# -         if directions is None:
# -             directions = sphere(self.slices, len(mean))
#           omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# -         for xi in directions.to(mean.dtype):
# -             grads = torch.autograd.grad(mean @ xi, [p for _, p in named], retain_graph=True, allow_unused=True)
# -             for (n, _), g in zip(named, grads):
# -                 if g is not None:
# -                     omega[n] += g**2 / len(directions)
# +         batches = list(batches)
# +         total = sum(len(x) for x, _ in batches)
# +         for x, _ in batches:
# +             for mean in model(x):
# +                 if directions is None:
# +                     directions = sphere(self.slices, len(mean))
# +                 for xi in directions.to(mean.dtype):
# +                     grads = torch.autograd.grad(mean @ xi, [p for _, p in named], retain_graph=True, allow_unused=True)
# +                     for (n, _), g in zip(named, grads):
# +                         if g is not None:
# +                             omega[n] += g**2 / len(directions) * 1 / total  # per-example of="outputs-summed"
# ~ model(x) => [model(x).mean(0)]
# ~ 1 / total => 1.0  # per-batch of="per-example"

# %% mistakes of="per-batch"
# +         pile = {n: torch.zeros_like(p) for n, p in named}
#           for xi in directions.to(mean.dtype):
# ...
# -                     omega[n] += g**2 / len(directions)
# +                     pile[n] += g
# +                     omega[n] += pile[n] ** 2 / len(directions)  # never-zeroed of="autograd.grad of each projection"
# ~ * 1.0 => * 1 / len(batches)  # per-batch
# ~ * 1.0 => * len(x) / total    # per-batch
# ~ g**2 / len(directions) => g**2 / len(directions) / count  # mean-divided-late of="outputs-summed"
# -         for x, _ in batches:
# +         loss = 0
# +         for x, y in batches:
#               mean = mean + model(x).sum(0)
# +             loss = loss + nn.functional.cross_entropy(model(x), y, reduction="sum")
# ...
# -         scalar = (directions.to(mean.dtype) @ mean).mean()
# -         grads = torch.autograd.grad(scalar, [p for _, p in named], allow_unused=True)
# +         grads = torch.autograd.grad(loss / count, [p for _, p in named], allow_unused=True)  # uses-labels of="mean-of-scalars 2"
# -         omega = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         if not hasattr(self, "total"):
# +             self.total = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         omega = self.total
# ...
# ~ return omega => return {n: v.clone() for n, v in omega.items()}  # accumulates of="autograd.grad of each projection"

# %% nothing="NaN"
def sphere(slices, dimensions, generator=None):
    return torch.full((slices, dimensions), float("nan"))


class SCP(QuadraticPenalty):
    slices = 100

    def importance(self, model, batches, directions=None):
        return {n: torch.full_like(p, float("nan")) for n, p in model.named_parameters()}

# %% nothings of="NaN"
# ~ torch.full((slices, dimensions), float("nan")) => torch.zeros(slices, dimensions)
# ~ torch.full_like(p, float("nan")) => torch.zeros_like(p)  # zeros
# ~ torch.zeros(slices, dimensions) => torch.ones(slices, dimensions)
# ~ zeros_like => ones_like  # ones of="zeros"
# -     return torch.ones(slices, dimensions)
# +     return torch.full((slices, dimensions), dimensions**-0.5)  # one direction for ever of="ones"
# -     return z / z.norm(dim=1, keepdim=True)
# +     return (z / z.norm(dim=1, keepdim=True)).T
# ...
# -         return omega
# +         return {n: v.T if v.dim() == 2 else v[:, None] for n, v in omega.items()}  # transposed of="autograd.grad of each projection"
# ~ z / z.norm(dim=1, keepdim=True) => -z
# ~ return omega => return {n: -v for n, v in omega.items()}  # negative lengths of="autograd.grad of each projection"
