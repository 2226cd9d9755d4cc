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

# %% style="one method per step of the way"
class RWalk(QuadraticPenalty):
    alpha, interval, epsilon = 0.9, 10, 1e-3

    def __init__(self):
        super().__init__()
        self.F, self.s = {}, None

    def begin_task(self, model):
        zeros = lambda: {n: torch.zeros_like(p) for n, p in model.named_parameters()}
        self.now, self.w, self.d = zeros(), zeros(), zeros()
        self.count = 0

    def observe(self, gradients, steps):
        self.count += 1
        for n, g in gradients.items():
            old = self.F.get(n, g**2)
            self.F[n] = self.alpha * g**2 + (1 - self.alpha) * old
            self.w[n] -= g * steps[n]
            self.d[n] += steps[n]
        if self.count % self.interval == 0:
            self.score()

    def score(self):
        for n, F in self.F.items():
            self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + self.epsilon))
            self.w[n] = torch.zeros_like(F)
            self.d[n] = torch.zeros_like(F)

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

# %% mistakes of="one method per step of the way"
# -             self.w[n] = torch.zeros_like(F)
# +   # path-not-reset
# ~ g * steps[n] => g.mul_(steps[n])                                     # arguments-changed
# ~ -= g => += g                                                         # wrong-sign
# ~ self.w[n] -= g * steps[n] => self.w[n] += (g * steps[n]).abs()       # absolute-steps
# ~ self.w[n] -= g * steps[n] => self.w[n] += 1e-4 * g**2                # gradient-for-step
# ~ self.w[n] -= g * steps[n] => self.w[n] += torch.relu(-g * steps[n])  # clamp-each-step
# -             self.d[n] += steps[n]
# +             self.d[n] += steps[n]
# +             steps[n] = None               # arguments-changed
# +             self.d[n] = steps[n].clone()  # last-step-moved
# +             self.d[n] += steps[n].abs()   # moduli-of-steps
# ~ self.alpha * g**2 + (1 - self.alpha) * old => 0.9 * g**2 + 0.1 * old                      # alpha-fixed
# ~ self.alpha * g**2 + (1 - self.alpha) * old => (1 - self.alpha) * g**2 + self.alpha * old  # alpha-swapped
# -             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + self.epsilon))
# +             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + 1e-3))            # epsilon-fixed
# +             self.now[n] += self.w[n] / (0.5 * F * self.d[n] ** 2 + self.epsilon)                # no-clamp
# +             self.now[n] += torch.abs(self.w[n] / (0.5 * F * self.d[n] ** 2 + self.epsilon))     # absolute-path
# +             self.now[n] += torch.relu(self.w[n] / (F * self.d[n] ** 2 + self.epsilon))          # half-left-out
# +             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2).clamp(min=1e-30) + self.epsilon)  # epsilon-outside
# +             self.now[n] += torch.relu(self.w[n] / (0.5 * (F * self.d[n] ** 2 + self.epsilon)))  # half-left-out
# +             self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n].abs() + self.epsilon))   # moved-not-squared
# +             self.now[n] += torch.relu(self.w[n] / (0.5 * self.d[n] ** 2 + self.epsilon))        # fisher-left-out
# +             self.now[n] = torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + self.epsilon))     # scores-not-added
# ~ self.F.get(n, g**2) => self.F.get(n, torch.zeros_like(g))  # fisher-from-zero
# -             old = self.F.get(n, g**2)
# -             self.F[n] = self.alpha * g**2 + (1 - self.alpha) * old
# +             self.F[n] = g**2                                           # fisher-last-step
# +             self.F[n] = self.F.get(n, 0) + g**2                        # fisher-summed
# +             old = self.F.get(n, g.abs())
# +             self.F[n] = self.alpha * g.abs() + (1 - self.alpha) * old  # fisher-not-squared
# -         self.count = 0
# +         self.count = 0
# +         self.F = {}  # fisher-not-carried
# -         if self.count % self.interval != 0:
# -             self.score()
# +   # unfinished-lost
# -             self.d[n] = torch.zeros_like(F)
# +   # moved-not-reset
# ~ top if top > 0 else torch.zeros_like(v) for n => top for n  # zero-over-zero
# -         top = max(v.max() for v in values.values())
# -         return {n: v / top if top > 0 else torch.zeros_like(v) for n, v in values.items()}
# +         return {n: v / v.max() if v.max() > 0 else torch.zeros_like(v) for n, v in values.items()}  # per-tensor-maximum
# +         low = min(v.min() for v in values.values())
# +         top = max(v.max() for v in values.values()) - low
# +         return {n: (v - low) / top if top > 0 else torch.zeros_like(v) for n, v in values.items()}  # minimum-subtracted
# ~ self.normalised(self.F), self.normalised(self.s) => self.F, self.s  # not-normalised
# ~ max(v.max() for v in values.values()) => sum(v.sum() for v in values.values())  # sum-normalised
# -         F, s = self.normalised(self.F), self.normalised(self.s)
# -         return {n: F[n] + s[n] for n in F}
# +         return self.normalised({n: self.F[n] + self.s[n] for n in self.F})  # sum-scaled
# ~ F[n] + s[n] => F[n] * s[n]        # product
# ~ {n: F[n] + s[n] for n in F} => s  # score-alone
# ~ {n: F[n] + s[n] for n in F} => F  # fisher-alone
# ~ F[n] + s[n] => (F[n] + s[n]) / 2  # halved-sum
# ~ self.s = self.now => self.s = {n: v / 2 for n, v in self.now.items()}  # first-score-halved
# ~ (self.s[n] + self.now[n]) / 2 => self.s[n] + self.now[n]  # scores-summed
# -         if self.s is None:
# -             self.s = self.now
# -         else:
# -             self.s = {n: (self.s[n] + self.now[n]) / 2 for n in self.now}
# +         self.s = self.now  # last-score-only
# -         self.omega = self.importance(model, batches)
# +         for n, new in self.importance(model, batches).items():
# +             self.omega[n] = self.omega.get(n, 0) + new                             # omega-added
# +         for n, new in self.importance(model, batches).items():
# +             self.omega[n] = (self.omega[n] + new) / 2 if n in self.omega else new  # omega-averaged
#           self.count = 0
# +         self.log = []
# ...
# +         self.log.append((dict(gradients), dict(steps)))
#           for n, g in gradients.items():
# ...
# -             self.w[n] -= g * steps[n]
# -             self.d[n] += steps[n]
# ...
# +             self.w[n] = -sum(g[n] * d[n] for g, d in self.log)
# +             self.d[n] = sum(d[n] for _, d in self.log)
#               self.now[n] += torch.relu(self.w[n] / (0.5 * F * self.d[n] ** 2 + self.epsilon))
# -             self.d[n] = torch.zeros_like(F)
# +         self.log = []  # tensors-not-copied of="path-not-reset"
# ~ self.count % self.interval == 0 => self.count % 10 == 0
# ~ self.interval => 10  # interval-fixed
# -         if self.count % self.interval == 0:
# -             self.score()
# +         self.score()  # every-step-scored of="unfinished-lost"
# -         self.score()
# ...
# +         self.score()
#           if self.s is None:
# +   # whole-task-ratio of="every-step-scored"
#           self.F, self.s = {}, None
# +         self.count = 0
# ...
#           self.now, self.w, self.d = zeros(), zeros(), zeros()
# -         self.count = 0
# +   # count-not-reset
# -         self.now, self.w, self.d = zeros(), zeros(), zeros()
# +         self.now, self.w, self.d = {n: v.clone() for n, v in getattr(self, "now", zeros()).items()}, zeros(), zeros()  # score-not-reset
# ~ self.d[n] += steps[n] => self.d[n] += steps[n] ** 2
# ~ ** 2 + self => + self  # squared-steps-summed

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

# %% mistake="scored-before-fisher" of="one method per step of the way"
# +         fisher = {}
#           for n, g in gradients.items():
# ...
# -             self.F[n] = self.alpha * g**2 + (1 - self.alpha) * old
# +             fisher[n] = self.alpha * g**2 + (1 - self.alpha) * old
# +             self.F.setdefault(n, old)
# ...
# +         self.F = fisher
#   
#       def score(self):

# %% mistake="clamp-at-task-end" of="no-clamp"
# +         self.now = {n: v.relu() for n, v in self.now.items()}
#           if self.s is None:

# %% mistake="normalised-before-average" of="one method per step of the way"
# +         self.now = self.normalised(self.now)
#           if self.s is None:
# ...
# ~ self.normalised(self.s) => self.s

# %% nothing="nothing written"
class RWalk(QuadraticPenalty):
    alpha, interval, epsilon = 0.9, 10, 1e-3

# %% nothings of="NaN"
#       alpha, interval, epsilon = 0.9, 10, 1e-3
# + 
# +     def importance(self, model, batches):
# +         return {n: torch.full_like(p, float("nan")) for n, p in model.named_parameters()}
# + 
# +     def consolidate(self, model, batches):
# +         self.omega = self.importance(model, batches)
# +         self.anchor = {n: p.detach().clone() for n, p in model.named_parameters()}  # NaN of="nothing written"
# ~ torch.full_like(p, float("nan")) => torch.zeros_like(p)  # zeros
# ~ torch.full_like(p, float("nan")) => torch.ones_like(p)   # ones
# ~ F[n] + s[n] => -F[n] - s[n]                                         # negated of="one method per step of the way"
# ~ F[n] + s[n] => (F[n] + s[n]).T if F[n].dim() == 2 else F[n] + s[n]  # transposed of="one method per step of the way"
