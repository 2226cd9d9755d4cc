# %% style="one flat vector"
from torch.nn.utils import parameters_to_vector


class RWalk(QuadraticPenalty):
    alpha = 0.9
    interval = 10
    epsilon = 1e-3

    def __init__(self):
        super().__init__()
        self.fisher = self.scores = None

    def begin_task(self, model):
        self.names = [n for n, _ in model.named_parameters()]
        empty = torch.zeros_like(parameters_to_vector(model.parameters()).detach())
        self.path, self.moved, self.task_scores = empty.clone(), empty.clone(), empty.clone()
        self.steps_in_interval = 0

    def observe(self, gradients, steps):
        g = torch.cat([gradients[n].flatten() for n in self.names])
        d = torch.cat([steps[n].flatten() for n in self.names])
        if self.fisher is None:
            self.fisher = g * g
        else:
            self.fisher = torch.lerp(self.fisher, g * g, self.alpha)
        self.path -= g * d
        self.moved += d
        self.steps_in_interval += 1
        if self.steps_in_interval == self.interval:
            self.close()

    def close(self):
        self.task_scores += (self.path / (self.fisher * self.moved**2 / 2 + self.epsilon)).clamp(min=0)
        self.path.zero_()
        self.moved.zero_()
        self.steps_in_interval = 0

    def importance(self, model, batches):
        if self.steps_in_interval:
            self.close()
        self.scores = self.task_scores if self.scores is None else 0.5 * self.scores + 0.5 * self.task_scores
        omega = torch.zeros_like(self.fisher)
        if self.fisher.max() > 0:
            omega += self.fisher / self.fisher.max()
        if self.scores.max() > 0:
            omega += self.scores / self.scores.max()
        pieces = omega.split([p.numel() for p in model.parameters()])
        return {n: v.view_as(p).clone() for v, (n, p) in zip(pieces, model.named_parameters())}

    def consolidate(self, model, batches):
        self.omega = {}
        super().consolidate(model, batches)

# %% style="all steps kept, replayed at the end"
class RWalk(QuadraticPenalty):
    alpha, interval, epsilon = 0.9, 10, 1e-3

    def begin_task(self, model):
        self.log = []

    def observe(self, gradients, steps):
        self.log.append({n: (gradients[n].clone(), steps[n].clone()) for n in gradients})

    def importance(self, model, batches):
        first = not hasattr(self, "s")
        if first:
            self.s, self.F = {}, {}
        for n, p in model.named_parameters():
            g = torch.stack([entry[n][0] for entry in self.log])
            d = torch.stack([entry[n][1] for entry in self.log])
            score = torch.zeros_like(p)
            for begin in range(0, len(g), self.interval):
                gs, ds = g[begin : begin + self.interval], d[begin : begin + self.interval]
                for one in gs:
                    self.F[n] = self.alpha * one**2 + (1 - self.alpha) * self.F[n] if n in self.F else one**2
                w = -(gs * ds).sum(0)
                score += torch.relu(w / (0.5 * self.F[n] * ds.sum(0) ** 2 + self.epsilon))
            self.s[n] = score.detach() if first else (self.s[n] + score.detach()) / 2
        F_top = max(v.max() for v in self.F.values()).clamp(min=1e-30)
        s_top = max(v.max() for v in self.s.values()).clamp(min=1e-30)
        return {n: self.F[n] / F_top + self.s[n] / s_top for n in self.F}

    def consolidate(self, model, batches):
        self.omega = self.importance(model, batches)
        self.anchor = {n: p.detach().clone() for n, p in model.named_parameters()}

# %% style="displacement from the steps' running sum"
class RWalk(QuadraticPenalty):
    def __init__(self):
        super().__init__()
        self.alpha, self.interval, self.epsilon = 0.9, 10, 1e-3
        self.fisher, self.before = {}, {}

    def begin_task(self, model):
        self.shape = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        self.scores = {n: z.clone() for n, z in self.shape.items()}
        self.along = {n: z.clone() for n, z in self.shape.items()}
        self.along_then = {n: z.clone() for n, z in self.shape.items()}
        self.path = {n: z.clone() for n, z in self.shape.items()}
        self.t = 0

    def observe(self, gradients, steps):
        self.t = self.t + 1
        for n in self.path:
            square = gradients[n].pow(2)
            if n in self.fisher:
                self.fisher[n].mul_(1 - self.alpha).add_(square, alpha=self.alpha)
            else:
                self.fisher[n] = square
            self.path[n] += -gradients[n] * steps[n]
            self.along[n] += steps[n]
        if self.t % self.interval == 0:
            self.end_interval()

    def end_interval(self):
        for n, w in self.path.items():
            moved = self.along[n] - self.along_then[n]
            quotient = w / (self.fisher[n] * moved**2 / 2 + self.epsilon)
            self.scores[n] += torch.where(quotient > 0, quotient, torch.zeros_like(quotient))
            self.along_then[n] = self.along[n].clone()
            self.path[n] = torch.zeros_like(w)

    def importance(self, model, batches):
        if self.t % self.interval:
            self.end_interval()
        for n, new in self.scores.items():
            self.before[n] = (self.before[n] + new) / 2 if n in self.before else new.clone()
        return {n: a + b for (n, a), b in zip(self.scaled(self.fisher).items(), self.scaled(self.before).values())}

    def scaled(self, values):
        top = torch.cat([v.reshape(-1) for v in values.values()]).max().item()
        return {n: (v / top if top else 0 * v) for n, v in values.items()}

    def consolidate(self, model, batches):
        omega = self.importance(model, batches)
        for n, p in model.named_parameters():
            self.omega[n] = omega[n]
            self.anchor[n] = p.detach().clone()

# %% style="state moves on in consolidate"
class RWalk(QuadraticPenalty):
    alpha, interval, epsilon = 0.9, 10, 1e-3

    def begin_task(self, model):
        if hasattr(self, "F"):
            return
        names = [n for n, p in model.named_parameters()]
        like = dict(model.named_parameters())
        self.F = None
        self.s = {n: torch.zeros_like(like[n]) for n in names}
        self.s_before = None
        self.fresh()

    def fresh(self):
        self.w = {n: torch.zeros_like(v) for n, v in self.s.items()}
        self.d = {n: torch.zeros_like(v) for n, v in self.s.items()}
        self.k = 0

    @torch.no_grad()
    def observe(self, gradients, steps):
        squares = {n: g**2 for n, g in gradients.items()}
        self.F = squares if self.F is None else {
            n: self.alpha * squares[n] + (1 - self.alpha) * self.F[n] for n in squares
        }
        for n in squares:
            self.w[n] = self.w[n] - gradients[n] * steps[n]
            self.d[n] = self.d[n] + steps[n]
        self.k += 1
        if self.k >= self.interval:
            self.take_score()

    def take_score(self):
        if self.k == 0:
            return
        for n in self.w:
            self.s[n] = self.s[n] + (self.w[n] / (0.5 * self.F[n] * self.d[n] ** 2 + self.epsilon)).relu()
        self.fresh()

    def importance(self, model, batches):
        omega = {}
        maxF = max(float(v.max()) for v in self.F.values()) or 1.0
        maxs = max(float(v.max()) for v in self.s.values()) or 1.0
        for n in self.s:
            omega[n] = self.F[n] / maxF + self.s[n] / maxs
        return omega

    def consolidate(self, model, batches):
        self.take_score()
        if self.s_before is not None:
            self.s = {n: 0.5 * (self.s_before[n] + self.s[n]) for n in self.s}
        self.omega = self.importance(model, batches)
        self.anchor = {n: p.detach().clone() for n, p in model.named_parameters()}
        self.s_before = self.s
        self.s = {n: torch.zeros_like(v) for n, v in self.s.items()}

# %% mistake="tensors-not-copied"
class RWalk(QuadraticPenalty):
    alpha, interval, epsilon = 0.9, 10, 1e-3

    def __init__(self):
        super().__init__()
        self.F, self.s = {}, None

    def begin_task(self, model):
        zeros = lambda: {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        self.now, self.w, self.d = zeros(), zeros(), zeros()
        self.count = 0
        self.log = []

    def observe(self, gradients, steps):
        self.count += 1
        self.log.append((dict(gradients), dict(steps)))
        for n, g in gradients.items():
            old = self.F.get(n, g**2)
            self.F[n] = self.alpha * g**2 + (1 - self.alpha) * old
        if self.count % self.interval == 0:
            self.score()

    def score(self):
        for n, F in self.F.items():
            self.w[n] = -sum(g[n] * d[n] for g, d in self.log)
            self.d[n] = sum(d[n] for _, d in self.log)
            self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + self.epsilon))
        self.log = []

    def normalised(self, values):
        top = max(v.max() for v in values.values())
        return {n: v / top if top > 0 else torch.zeros_like(v) for n, v in values.items()}

    def importance(self, model, batches):
        if self.count % self.interval != 0:
            self.score()
        if self.s is None:
            self.s = self.now
        else:
            self.s = {n: (self.s[n] + self.now[n]) / 2 for n in self.now}
        F, s = self.normalised(self.F), self.normalised(self.s)
        return {n: F[n] + s[n] for n in F}

    def consolidate(self, model, batches):
        self.omega = self.importance(model, batches)
        self.anchor = {n: p.detach().clone() for n, p in model.named_parameters()}

# %% mistake="arguments-changed" of="tensors-not-copied"
#           self.count = 0
# -         self.log = []
# ...
# -         self.log.append((dict(gradients), dict(steps)))
# ...
# +             self.w[n] -= g.mul_(steps[n])
# +             self.d[n] += steps[n]
#           if self.count % self.interval == 0:
# ...
# -             self.w[n] = -sum(g[n] * d[n] for g, d in self.log)
# -             self.d[n] = sum(d[n] for _, d in self.log)
#               self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + self.epsilon))
# -         self.log = []
# +             self.w[n] = torch.zeros_like(F)
# +             self.d[n] = torch.zeros_like(F)

# %% mistake="arguments-changed" of="arguments-changed"
# -             self.w[n] -= g.mul_(steps[n])
# +             self.w[n] -= g * steps[n]
#               self.d[n] += steps[n]
# +             steps[n] = None

# %% mistake="alpha-fixed" of="arguments-changed 2"
# -             self.F[n] = self.alpha * g**2 + (1 - self.alpha) * old
# +             self.F[n] = 0.9 * g**2 + 0.1 * old
# ...
# -             steps[n] = None

# %% mistake="interval-fixed" of="arguments-changed 2"
# -             steps[n] = None
# -         if self.count % self.interval == 0:
# +         if self.count % 10 == 0:
# ...
# -         if self.count % self.interval != 0:
# +         if self.count % 10 != 0:

# %% mistake="epsilon-fixed" of="arguments-changed 2"
# -             steps[n] = None
# ...
# -             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + self.epsilon))
# +             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + 1e-3))

# %% mistake="alpha-swapped" of="alpha-fixed"
# -             self.F[n] = 0.9 * g**2 + 0.1 * old
# +             self.F[n] = (1 - self.alpha) * g**2 + self.alpha * old

# %% mistake="fisher-from-zero" of="arguments-changed 2"
# -             old = self.F.get(n, g**2)
# +             old = self.F.get(n, torch.zeros_like(g))
# ...
# -             steps[n] = None

# %% mistake="fisher-last-step" of="alpha-fixed"
# -             old = self.F.get(n, g**2)
# -             self.F[n] = 0.9 * g**2 + 0.1 * old
# +             self.F[n] = g**2

# %% mistake="fisher-summed" of="fisher-last-step"
# -             self.F[n] = g**2
# +             self.F[n] = self.F.get(n, 0) + g**2

# %% mistake="fisher-not-squared" of="fisher-last-step"
# -             self.F[n] = g**2
# +             old = self.F.get(n, g.abs())
# +             self.F[n] = self.alpha * g.abs() + (1 - self.alpha) * old

# %% mistake="fisher-measured-at-the-end"
class RWalk(QuadraticPenalty):
    alpha, interval, epsilon = 0.9, 10, 1e-3

    def begin_task(self, model):
        self.w = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        self.start = {n: p.detach().clone() for n, p in model.named_parameters()}

    def observe(self, gradients, steps):
        for n, g in gradients.items():
            self.w[n] -= g * steps[n]

    def fisher(self, model, batches):
        F = {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        count = 0
        for inputs, labels in batches:
            for x, y in zip(inputs, labels):
                loss = nn.functional.cross_entropy(model(x[None]), y[None])
                used = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
                grads = torch.autograd.grad(loss, [p for _, p in used], allow_unused=True)
                for (n, _), g in zip(used, grads):
                    if g is not None:
                        F[n] += g**2
                count += 1
        return {n: v / count for n, v in F.items()}

    def importance(self, model, batches):
        F = self.fisher(model, batches)
        s = {}
        for n, p in model.named_parameters():
            d = p.detach() - self.start[n]
            s[n] = (self.w[n] / (0.5 * F[n] * d**2 + self.epsilon)).relu()
        self.s = {n: (self.s[n] + s[n]) / 2 for n in s} if hasattr(self, "s") else s
        top_F = max(v.max() for v in F.values())
        top_s = max(v.max() for v in self.s.values())
        return {n: F[n] / top_F + (self.s[n] / top_s if top_s > 0 else 0) for n in F}

    def consolidate(self, model, batches):
        self.omega = self.importance(model, batches)
        self.anchor = {n: p.detach().clone() for n, p in model.named_parameters()}

# %% mistake="fisher-not-carried" of="arguments-changed 2"
#           self.count = 0
# +         self.F = {}
# ...
# -             steps[n] = None

# %% mistake="scored-before-fisher" of="alpha-fixed"
# +         fisher = {}
#           for n, g in gradients.items():
#               old = self.F.get(n, g**2)
# -             self.F[n] = 0.9 * g**2 + 0.1 * old
# +             fisher[n] = self.alpha * g**2 + (1 - self.alpha) * old
# +             self.F.setdefault(n, old)
# ...
#           if self.count % self.interval == 0:
#               self.score()
# +         self.F = fisher

# %% mistake="whole-task-ratio" of="interval-fixed"
# -         if self.count % 10 == 0:
# -             self.score()
# ...
# -         if self.count % 10 != 0:
# -             self.score()
# +         self.score()

# %% mistake="every-step-scored" of="whole-task-ratio"
#               self.d[n] += steps[n]
# +         self.score()
# ...
# -         self.score()
#           if self.s is None:

# %% mistake="unfinished-lost" of="every-step-scored"
# -         self.score()
# +         if self.count % self.interval == 0:
# +             self.score()

# %% mistake="count-not-reset" of="fisher-not-carried"
#           self.F, self.s = {}, None
# +         self.count = 0
# ...
# -         self.count = 0
# -         self.F = {}

# %% mistake="path-not-reset" of="arguments-changed 2"
# -             steps[n] = None
# ...
# -             self.w[n] = torch.zeros_like(F)

# %% mistake="moved-not-reset" of="path-not-reset"
# -             self.d[n] = torch.zeros_like(F)
# +             self.w[n] = torch.zeros_like(F)

# %% mistake="wrong-sign" of="arguments-changed"
# -             self.w[n] -= g.mul_(steps[n])
# +             self.w[n] += g * steps[n]

# %% mistake="absolute-steps" of="arguments-changed"
# -             self.w[n] -= g.mul_(steps[n])
# +             self.w[n] += (g * steps[n]).abs()

# %% mistake="gradient-for-step" of="arguments-changed"
# -             self.w[n] -= g.mul_(steps[n])
# +             self.w[n] += 1e-4 * g**2

# %% mistake="clamp-each-step" of="arguments-changed"
# -             self.w[n] -= g.mul_(steps[n])
# +             self.w[n] += torch.relu(-g * steps[n])

# %% mistake="no-clamp" of="epsilon-fixed"
# -             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + 1e-3))
# +             self.now[n] += self.w[n] / (0.5 * F * self.d[n] ** 2 + self.epsilon)

# %% mistake="clamp-at-task-end" of="no-clamp"
# +         self.now = {n: v.relu() for n, v in self.now.items()}
#           if self.s is None:

# %% mistake="absolute-path" of="epsilon-fixed"
# -             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + 1e-3))
# +             self.now[n] += torch.abs(self.w[n] / (0.5 * F * self.d[n] ** 2 + self.epsilon))

# %% mistake="half-left-out" of="epsilon-fixed"
# -             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + 1e-3))
# +             self.now[n] += torch.relu(self.w[n] / (F * self.d[n] ** 2 + self.epsilon))

# %% mistake="epsilon-outside" of="epsilon-fixed"
# -             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + 1e-3))
# +             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2).clamp(min=1e-30) + self.epsilon)

# %% mistake="half-left-out" of="epsilon-fixed"
# -             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + 1e-3))
# +             self.now[n] += torch.relu(self.w[n] / (0.5 * (F * self.d[n] ** 2 + self.epsilon)))

# %% mistake="moved-not-squared" of="epsilon-fixed"
# -             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + 1e-3))
# +             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n].abs() + self.epsilon))

# %% mistake="squared-steps-summed" of="epsilon-fixed"
# -             self.d[n] += steps[n]
# +             self.d[n] += steps[n] ** 2
# ...
# -             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + 1e-3))
# +             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] + self.epsilon))

# %% mistake="last-step-moved" of="arguments-changed 2"
# -             self.d[n] += steps[n]
# -             steps[n] = None
# +             self.d[n] = steps[n].clone()

# %% mistake="fisher-left-out" of="epsilon-fixed"
# -             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + 1e-3))
# +             self.now[n] += torch.relu(self.w[n] / (0.5 * self.d[n] ** 2 + self.epsilon))

# %% mistake="scores-not-added" of="epsilon-fixed"
# -             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + 1e-3))
# +             self.now[n] = torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + self.epsilon))

# %% mistake="zero-over-zero" of="arguments-changed 2"
# -             steps[n] = None
# ...
# -         return {n: v / top if top > 0 else torch.zeros_like(v) for n, v in values.items()}
# +         return {n: v / top for n, v in values.items()}

# %% mistake="per-tensor-maximum" of="zero-over-zero"
# -         top = max(v.max() for v in values.values())
# -         return {n: v / top for n, v in values.items()}
# +         return {n: v / v.max() if v.max() > 0 else torch.zeros_like(v) for n, v in values.items()}

# %% mistake="not-normalised" of="arguments-changed 2"
# -             steps[n] = None
# ...
# -         F, s = self.normalised(self.F), self.normalised(self.s)
# +         F, s = self.F, self.s

# %% mistake="sum-normalised" of="per-tensor-maximum"
# -         return {n: v / v.max() if v.max() > 0 else torch.zeros_like(v) for n, v in values.items()}
# +         top = sum(v.sum() for v in values.values())
# +         return {n: v / top if top > 0 else torch.zeros_like(v) for n, v in values.items()}

# %% mistake="minimum-subtracted" of="per-tensor-maximum"
# -         return {n: v / v.max() if v.max() > 0 else torch.zeros_like(v) for n, v in values.items()}
# +         low = min(v.min() for v in values.values())
# +         top = max(v.max() for v in values.values()) - low
# +         return {n: (v - low) / top if top > 0 else torch.zeros_like(v) for n, v in values.items()}

# %% mistake="sum-scaled" of="not-normalised"
# -         F, s = self.F, self.s
# -         return {n: F[n] + s[n] for n in F}
# +         return self.normalised({n: self.F[n] + self.s[n] for n in self.F})

# %% mistake="product" of="sum-scaled"
# -         return self.normalised({n: self.F[n] + self.s[n] for n in self.F})
# +         F, s = self.normalised(self.F), self.normalised(self.s)
# +         return {n: F[n] * s[n] for n in F}

# %% mistake="score-alone" of="product"
# -         return {n: F[n] * s[n] for n in F}
# +         return s

# %% mistake="fisher-alone" of="product"
# -         return {n: F[n] * s[n] for n in F}
# +         return F

# %% mistake="halved-sum" of="product"
# -         return {n: F[n] * s[n] for n in F}
# +         return {n: (F[n] + s[n]) / 2 for n in F}

# %% mistake="first-score-halved" of="arguments-changed 2"
# -             steps[n] = None
# ...
# -             self.s = self.now
# +             self.s = {n: v / 2 for n, v in self.now.items()}

# %% mistake="scores-summed" of="arguments-changed 2"
# -             steps[n] = None
# ...
# -             self.s = {n: (self.s[n] + self.now[n]) / 2 for n in self.now}
# +             self.s = {n: self.s[n] + self.now[n] for n in self.now}

# %% mistake="last-score-only" of="first-score-halved"
# -         if self.s is None:
# -             self.s = {n: v / 2 for n, v in self.now.items()}
# -         else:
# -             self.s = {n: (self.s[n] + self.now[n]) / 2 for n in self.now}
# +         self.s = self.now

# %% mistake="normalised-before-average" of="not-normalised"
# +         self.now = self.normalised(self.now)
#           if self.s is None:
# ...
# -         F, s = self.F, self.s
# +         F, s = self.normalised(self.F), self.s

# %% mistake="omega-added" of="arguments-changed 2"
# -             steps[n] = None
# ...
# -         self.omega = self.importance(model, batches)
# +         for n, new in self.importance(model, batches).items():
# +             self.omega[n] = self.omega.get(n, 0) + new

# %% mistake="omega-averaged" of="omega-added"
# -             self.omega[n] = self.omega.get(n, 0) + new
# +             self.omega[n] = (self.omega[n] + new) / 2 if n in self.omega else new

# %% nothing="zeros"
class RWalk(QuadraticPenalty):
    alpha, interval, epsilon = 0.9, 10, 1e-3

    def importance(self, model, batches):
        return {n: torch.zeros_like(p) for n, p in model.named_parameters()}

    def consolidate(self, model, batches):
        self.omega = self.importance(model, batches)
        self.anchor = {n: p.detach().clone() for n, p in model.named_parameters()}

# %% nothing="ones" of="zeros"
# -         return {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         return {n: torch.ones_like(p) for n, p in model.named_parameters()}

# %% nothing="NaN" of="zeros"
# -         return {n: torch.zeros_like(p) for n, p in model.named_parameters()}
# +         return {n: torch.full_like(p, float("nan")) for n, p in model.named_parameters()}

# %% nothing="negated" of="product"
# -         return {n: F[n] * s[n] for n in F}
# +         return {n: -F[n] - s[n] for n in F}

# %% nothing="transposed" of="product"
# -         return {n: F[n] * s[n] for n in F}
# +         return {n: (F[n] + s[n]).T if F[n].dim() == 2 else F[n] + s[n] for n in F}

# %% nothing="nothing written"
class RWalk(QuadraticPenalty):
    alpha, interval, epsilon = 0.9, 10, 1e-3
