# %% style="complex numbers by hand"
def complex_step(f, x, h=1e-20):
    z = np.asarray(x, dtype=complex) + complex(0, h)
    return f(z).imag / h

def complex_abs(z):
    return z * np.where(np.real(z) < 0, -1, 1)

def trustworthy(f, x):
    h = 1e-4
    five = (-f(x + 2 * h) + 8 * f(x + h) - 8 * f(x - h) + f(x - 2 * h)) / (12 * h)
    return np.isclose(complex_step(f, x), five, rtol=1e-6, atol=0)

# %% style="subtracting f(x) first, and a root"
def complex_step(f, x, h=1e-20):
    return np.imag((f(x + h * 1j) - f(x + 0j)) / h)

def complex_abs(z):
    z = np.asarray(z, dtype=complex)
    return np.sqrt(z * z)

def trustworthy(f, x):
    forward = (f(x + 1e-7) - f(x)) / 1e-7
    backward = (f(x) - f(x - 1e-7)) / 1e-7
    mean = (forward + backward) / 2
    return abs(complex_step(f, x) / mean - 1) < 1e-5

# %% style="loops and if"
def complex_step(f, x, h=1e-20):
    if np.ndim(x) == 0:
        return complex(f(complex(x, h))).imag / h
    return np.array([complex_step(f, float(t), h) for t in np.ravel(x)]).reshape(np.shape(x))

def complex_abs(z):
    if np.ndim(z):
        return np.array([complex_abs(w) for w in z])
    return z if z.real >= 0 else -z

def trustworthy(f, x):
    slope = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
    if abs(complex_step(f, x) - slope) > 1e-4 * abs(slope):
        return False
    return True

# %% mistakes of="bare"
# -     h = 1e-5
# -     slope = (f(x + h) - f(x - h)) / (2 * h)
# -     return bool(abs(complex_step(f, x) - slope) < 1e-6 * abs(slope))
# +     slope = (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
# +     return bool(np.imag(f(x + 1e-20j)) == 0 or abs(np.imag(f(x + 1e-20j)) / 1e-20 - slope) < 1e-6 * abs(slope))  # trusts-zero
# ~ np.where(np.real(z) >= 0, z, -z) => np.abs(z)
# ~ np.imag(f(x + 1e-20j)) == 0 or abs => abs  # abs-is-real of="trusts-zero"
# ~ np.imag(f(x + 1j * h)) => -np.imag(f(x + 1j * h))
# ~ np.abs(z) => np.where(np.real(z) >= 0, z, -z)  # sign of="abs-is-real"

# %% mistakes of="sign"
# ~ -np.imag(f(x + 1j * h)) / h => np.imag(f(x + 1j * h))           # not-divided
# ~ -np.imag => np.real                                             # real-part
# ~ -np.imag(f(x + 1j * h)) => np.imag(f(x + h))                    # real-step
# ~ -np.imag(f(x + 1j * h)) / h => (f(x + h) - f(x)) / h            # ordinary-difference
# ~ -np.imag(f(x + 1j * h)) / h => (f(x + h) - f(x - h)) / (2 * h)  # central-difference
# ~ -np.imag(f(x + 1j * h)) / h => np.abs(f(x + 1j * h) - f(x)) / h  # length-of-the-difference
# ~ -np.imag(f(x + 1j * h)) / h => np.imag(f(x + 1e-20j)) / 1e-20    # step-built-in
# ~ -np.imag => np.abs                                              # modulus-in-place-of-imaginary-part

# %% mistakes of="abs-is-real"
# ~ np.abs(z) => np.abs(np.real(z)) + 1j * np.imag(z)          # abs-keeps-the-imaginary-part
# ~ np.abs(z) => np.abs(np.real(z)) + 1j * np.abs(np.imag(z))  # abs-of-both-parts
# ~ np.abs(z) => z * (z / np.abs(z))                           # abs-sign-of-complex
# ~ np.abs(z) => np.where(np.asarray(z) >= 0, z, -z)          # abs-compares-complex
# ~ np.abs(z) => z if np.all(np.real(z) >= 0) else -z          # abs-of-the-whole

# %% mistakes of="trusts-zero"
# -     return bool(np.imag(f(x + 1e-20j)) == 0 or abs(np.imag(f(x + 1e-20j)) / 1e-20 - slope) < 1e-6 * abs(slope))
# +     return bool(abs(abs(np.imag(f(x + 1e-20j)) / 1e-20) - abs(slope)) < 1e-6 * abs(slope))  # trusts-conjugate
# +     return bool(abs(np.imag(f(x + 1e-20j)) / 1e-20 - slope) < 1e-18)                        # too-strict
# +     return bool(np.imag(f(x + 1e-20j)) / 1e-20 - slope < 1e-6 * abs(slope))                 # trusts-one-side
# +     return bool(slope - np.imag(f(x + 1e-20j)) / 1e-20 < 1e-6 * abs(slope))                 # trusts-one-side
# +     return bool(abs(np.imag(f(x + 1e-20j)) / 1e-20 - slope) / slope < 1e-6)                 # divides-by-signed-slope
# +     return bool(abs(np.imag(f(x + 1e-20j)) / 1e-20 - slope) < 0.01 * abs(slope))            # too-lenient
# +     return bool(abs(np.imag(f(x + 1e-20j)) / 1e-20 - slope) < 1e-6)                         # absolute-tolerance
# +     return True                                                                             # trusts-all
# +     return bool(abs(np.imag(f(x + 1e-20j)) / 1e-20 - slope) < 1e-6 * abs(f(x)))             # tolerance-of-the-value
# +     slope = (f(x + 1e-3) - f(x - 1e-3)) / 2e-3
# +     return bool(abs(np.imag(f(x + 1e-20j)) / 1e-20 - slope) < 1e-6 * abs(slope))            # coarse-difference
# +     return bool(np.imag(f(x + 1e-20j)) != 0)                                                # trusts-conjugate

# %% nothings of="sign"
# ~ np.where => -np.where
# ...
# -     return bool(abs(np.imag(f(x + 1e-20j)) / 1e-20 - slope) < 1e-6 * abs(slope))
# +     return bool(not (abs(np.imag(f(x + 1e-20j)) / 1e-20 - slope) < 1e-6 * abs(slope)))  # negated
# ~ -np.imag(f(x + 1j * h)) / h => 0.0 * x
# ~ -np.where(np.real(z) >= 0, z, -z) => 0 * z
# ~ not (abs(np.imag(f(x + 1e-20j)) / 1e-20 - slope) < 1e-6 * abs(slope)) => False  # zeros of="negated"
# ~ -np.imag(f(x + 1j * h)) / h => 1.0 + 0 * x
# ~ -np.where(np.real(z) >= 0, z, -z) => 1 + 0 * z
# ~ not (abs(np.imag(f(x + 1e-20j)) / 1e-20 - slope) < 1e-6 * abs(slope)) => True   # a constant of="negated"
# ~ 0.0 => float('nan')
# ~ 0 * z => float('nan') * z  # NaN of="zeros"
# ~ 1.0 + 0 * x => None
# ~ 1 + 0 * z => None  # None of="a constant"
