# %% style="differences of cumulative sums"
def moving_average(values, window):
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return (sums[window:] - sums[:-window]) / window


# %% style="plain Python"
def moving_average(values, window):
    means = []
    for start in range(len(values) - window + 1):
        means.append(sum(values[start : start + window]) / window)
    return means


# %% style="convolve"
def moving_average(values, window):
    if len(values) < window:
        return np.array([])
    return np.convolve(values, np.ones(window) / window, mode="valid")


# %% mistake="swapped-by-convolve" of="*"
# -     if len(values) < window:
# -         return np.array([])


# %% mistakes of="plain Python"
# ~ sum(values[start : start + window]) / window => sum(values[start : start + window])  # sums
# ~ len(values) - window + 1 => len(values) - window  # last-run-missing


# %% mistake="padded" of="convolve"
# ~ "valid" => "same"


# %% mistake="changes-arguments"
def moving_average(values, window):
    np.cumsum(values, out=values)
    sums = np.concatenate([[0.0], values])
    return (sums[window:] - sums[:-window]) / window


# %% nothing="the values"
def moving_average(values, window):
    return values


# %% nothings of="the values"
# ~ return values => return np.array([])   # an empty array
# ~ return values => return values.mean()  # the mean of all
