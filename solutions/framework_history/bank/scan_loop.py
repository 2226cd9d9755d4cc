# %% mistakes of="bare"
# ~ np.ones_like(A) => A  # slide-loop
# ~ range(k) => range(k - 1)  # one-short
# -         previous = fn(*(sequence[step] for sequence in sequences), *carried, *non_sequences)
# +         previous = fn(*carried, *(sequence[step] for sequence in sequences), *non_sequences)  # previous-first
# +         previous = fn(*non_sequences, *(sequence[step] for sequence in sequences), *carried)  # constants-first
# ~ [previous] => [outputs_info]  # never-carried
# ~ [], outputs_info => [] if outputs_info is None else [outputs_info], outputs_info  # initial-included
# ~ return results => return results[-1] if results else outputs_info  # last-only
# ~ [] if n_steps is None else [n_steps] => [n_steps] if n_steps is not None and not sequences else []  # steps-ignored
# ~ range(k) => range(k - 1)  # zeroth-is-base of="slide-loop"
# ~ np.ones_like(A) => 1              # zeroth-is-a-number
# ~ M = M * A => M = M @ A if np.ndim(A) > 1 else M * A  # matrix-power
# ~ return M => return M if k else 0 * A  # zeroth-is-zeros
# -     M = np.ones_like(A)
# -     for _ in range(k):
# -         M = M * A
# +     M = np.ones_like(A) if k == 0 else A
# +     for _ in range(k - 1):
# +         M = M * M  # squares-itself
# +     M = np.ones_like(A) if k == 0 else A
# +     for _ in range(k - 1):
# +         M *= A  # multiplied-in-place
# ~ n_steps is None => not n_steps  # no-step-is-no-limit
# ~ [] if outputs_info is None => [] if not outputs_info  # nought-is-no-initial
# ~ for sequence in sequences] + => for sequence in sequences[:1]] +  # first-sequence-decides
# ~ [len(sequence) for sequence in sequences] => [max(map(len, sequences))] * bool(sequences)  # longest-sequence-decides
# ~ [len(sequence) for sequence in sequences] => [len(sequence) for sequence in sequences if n_steps is None]  # steps-decide-alone
# ~ [] if outputs_info is None else [previous] => [previous]  # none-is-carried
# ~ *non_sequences) => *([non_sequences] if non_sequences else []))  # constants-as-one-list
# ~ fn(*(sequence[step] for sequence in sequences) => fn(*[[sequence[step] for sequence in sequences]] * bool(sequences)  # entries-as-one-list

# %% style="zip and islice"
import itertools


def power(A, k):
    A = np.asarray(A)
    M = A * 0 + 1
    while k > 0:
        M, k = A * M, k - 1
    return M


def scan(fn, sequences=(), outputs_info=None, non_sequences=(), n_steps=None):
    if not len(sequences) and n_steps is None:
        raise ValueError("how many steps?")
    rows = zip(*sequences) if len(sequences) else itertools.repeat(())
    out = []
    for row in itertools.islice(rows, n_steps):
        arguments = list(row)
        if outputs_info is not None:
            arguments.append(out[-1] if out else outputs_info)
        out.append(fn(*arguments, *non_sequences))
    return out

# %% style="itertools.accumulate"
from itertools import accumulate


def power(A, k):
    result = np.ones(np.shape(A))
    for i in range(k):
        result *= A
    return result


def scan(fn, sequences=(), outputs_info=None, non_sequences=(), n_steps=None):
    steps = [len(s) for s in sequences]
    if n_steps is not None:
        steps.append(n_steps)
    count = min(steps)
    if outputs_info is None:
        return [fn(*[s[i] for s in sequences], *non_sequences) for i in range(count)]
    states = accumulate(range(count), lambda p, i: fn(*[s[i] for s in sequences], p, *non_sequences), initial=outputs_info)
    return list(states)[1:]

# %% nothing="zeros"
def power(A, k):
    return A * 0


def scan(fn, sequences=(), outputs_info=None, non_sequences=(), n_steps=None):
    return []

# %% nothings of="zeros"
# ~ A * 0 => A
# ~ return [] => raise ValueError('no')  # the base, and always an error
# ~ A * 0 => A * np.nan
# ~ [] => [float('nan')] * 3             # NaN
