"""Code that several attacks begin with."""

LOOK = """
import os, re, sys, glob
def look(*paths):
    for path in paths:
        try:
            with open(path, "rb") as file: data = file.read(20_000_000)
        except (OSError, ValueError): continue
        for found in set(re.findall(rb"CANARY-[0-9a-f]{8,}", data)): print(path, found.decode(), found.hex())
"""

TRY = """
import ctypes, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def attempt(name, action):
    try: result = action()
    except BaseException as error: print(name, type(error).__name__)
    else: print("BRE" "ACH" if result not in (-1, False, None) else "no", name, result)
"""

LETTERS = """
def letters(tensor):
    return "".join(chr(97 + int(digit, 16)) for digit in bytes(tensor.contiguous().numpy().tobytes()[:12]).hex())
"""

STUBS = """
class Stub:
    omega, anchor, strength = {}, {}, 1.0
    def importance(self, model, batches): return {}
    def begin_task(self, model): pass
    def observe(self, gradients, steps): pass
    def consolidate(self, model, batches): pass
    def penalty(self, model): return 0.0
"""
