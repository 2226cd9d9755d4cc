# %% mistakes of="bare"
# ~ const(1) => const(0)  # power-zero
# -         result = None if number == 1 and factors else const(number)
# -         if number == 0:
# -             return result
# +         result = None if number in (0, 1) and factors else const(number)  # zero-product
# -         elif node.op in ("div", "pow") and len(numbers) == 2:
# -             fresh = const(OPS[node.op](*numbers))
# +   # constants-left
# ~ ancestors([e]) => [e]
# ~ [done[each] for each in node.inputs] => list(node.inputs)  # top-only
# -         if node.op in ("add", "sub"):
# -             fresh = total(fresh)
# +         if node.op in ("add", "sub") and len(numbers) == 2:
# +             fresh = const(OPS[node.op](*numbers))
# +         elif node.op == "add" and 0 in numbers:
# +             fresh = new[1] if new[0].op == "const" else new[0]
# +         elif node.op == "sub" and new[1].op == "const" and new[1].value == 0:
# +             fresh = new[0]  # terms-left
# -         elif node.op == "mul":
# -             fresh = product(*factors(fresh))
# +         elif node.op == "mul" and len(numbers) == 2:
# +             fresh = const(numbers[0] * numbers[1])
# +         elif node.op == "mul" and 0 in numbers:
# +             fresh = const(0)
# +         elif node.op == "mul" and 1 in numbers:
# +             fresh = new[1] if new[0].op == "const" and new[0].value == 1 else new[0]  # products-left
# -         elif node.op == "div" and new[1].op == "const" and new[1].value == 1:
# -             fresh = new[0]
# -         elif node.op == "div" and new[0].op == "const" and new[0].value == 0:
# -             fresh = const(0)
# -         elif node.op == "pow" and new[1].value in (0, 1):
# -             fresh = new[0] if new[1].value == 1 else const(0)
# +   # units-left of="power-zero"
# ~ in ("div", "pow") and len => in ("div",) and len  # pow-of-constants-left
# ~ in ("div", "pow") and len => in ("pow",) and len  # div-of-constants-left
# ~ const(OPS[node.op](*numbers)) => const(numbers[0] // numbers[1] if node.op == "div" else OPS[node.op](*numbers))  # whole-division
# ~ "div" and new[1] => "none" and new[1]  # over-one-left
# ~ "div" and new[0] => "none" and new[0]  # nought-over-left
# ~ value in (0, 1) => value in (0,)       # power-one-left
# ~ value in (0, 1) => value in (1,)       # power-nought-left
# ~ if each[0] != 0] => if each[0] != 0 or not each[1]]  # plus-nought-left
# -         elif node.op == "div" and new[1].op == "const" and new[1].value == 1:
# -             fresh = new[0]
# +         elif node.op == "div" and 1 in numbers:
# +             fresh = new[0] if new[1].op == "const" else new[1]  # one-over
# ~ fresh = total(fresh) => fresh = total(fresh) if node.op == "add" or new[0].op != "const" or new[0].value else new[1]  # nought-minus
# ~ [done[each] for each in node.inputs] => [each if len(node.inputs) == 1 else done[each] for each in node.inputs]  # functions-not-entered
# ~ [done[each] for each in node.inputs] => [each if node.op == "pow" else done[each] for each in node.inputs]  # powers-not-entered
# ~ found.get(key, (0,))[0] + number => found[key][0] * number if key in found else number  # coefficients-multiplied
# ~ sorted(left + right, key=show) => left + right  # factors-not-sorted
# ~ return m * n, sorted(left + right, key=show) => return (1, [e]) if left and right else (m * n, left + right)  # products-at-the-top-only
# ~ return terms(e.inputs[0], sign) + terms(e.inputs[1], sign if e.op == "add" else -sign) => return [factors(e.inputs[0]), (lambda n, b: (n if e.op == "add" else -n, b))(*factors(e.inputs[1]))]  # terms-at-the-top-only
# ~ else -sign) => else -1)  # inner-signs-lost
# ~ elif number < 0: => elif number is None:  # minus-becomes-plus
# ~ result - product(-number, parts) => result - product(-number, [const(1)] * (number == -1 and parts != []) + parts)  # one-times-left
# ~ key = tuple(show(part) for part in parts) => key = frozenset(show(part) for part in parts)  # powers-alike
# ~ show(part) for part in parts) => sorted(show(i) for part in parts for i in (part.inputs if part.op == "div" else [part])))  # quotients-alike
# ~ fresh = product(*factors(fresh)) => fresh = simplify(Expr(new[1].op, [new[0] * i for i in new[1].inputs])) if new[0].op == "const" and new[1].op in ("add", "sub") else product(*factors(fresh))  # multiplied-out
# ~ key = tuple(show(part) for part in parts) => key = "".join(show(part) for part in parts)  # texts-glued
# -         return 1, [e]
# +         if e.op == "div" and e.inputs[0].op == "const" and e.inputs[0].value != 1:
# +             return e.inputs[0].value, [1 / e.inputs[1]]
# +         return 1, [e]  # quotients-as-products
# ~ if e.op == "const": => if e.op in ("const", "shared"):  # shared-as-constant

# %% style="nested tuples in between"
def simplify(e):
    def to_tuple(e):
        if e.op in ("var", "shared", "const"):
            return e.value if e.op == "const" else (e.op, e.name)
        return (e.op, *(to_tuple(each) for each in e.inputs))

    leaves = {(n.op, n.name): n for n in ancestors([e]) if not n.inputs and n.op != "const"}

    def back(t):
        if not isinstance(t, tuple):
            return const(t)
        return leaves[t] if t in leaves else Expr(t[0], [back(each) for each in t[1:]])

    def split(t):
        if not isinstance(t, tuple):
            return t, ()
        if t[0] == "mul":
            (m, a), (n, b) = split(t[1]), split(t[2])
            return m * n, tuple(sorted(a + b, key=str))
        return 1, (t,)

    def times(n, parts):
        if n == 0 or not parts:
            return n
        parts = list(parts) if n == 1 else [n, *parts]
        while len(parts) > 1:
            parts[:2] = [("mul", parts[0], parts[1])]
        return parts[0]

    def collect(t, sign, into):
        if isinstance(t, tuple) and t[0] in ("add", "sub"):
            collect(t[1], sign, into)
            collect(t[2], sign if t[0] == "add" else -sign, into)
        else:
            n, parts = split(t)
            into[parts] = into.get(parts, 0) + sign * n
        return into

    def short(t):
        if not isinstance(t, tuple) or t in leaves:
            return t
        op, *rest = t
        rest = [short(each) for each in rest]
        if op in ("add", "sub"):
            found = collect((op, *rest), 1, {})
            plus = [times(n, parts) for parts, n in found.items() if n > 0]
            minus = [times(-n, parts) for parts, n in found.items() if n < 0]
            if not plus:
                if not minus:
                    return 0
                parts, n = next((parts, n) for parts, n in found.items() if n < 0)
                plus, minus = [times(n, parts)], minus[1:]
            result = plus[0]
            for each in plus[1:]:
                result = ("add", result, each)
            for each in minus:
                result = ("sub", result, each)
            return result
        if op == "mul":
            return times(*split((op, *rest)))
        if op == "div":
            a, b = rest
            if not isinstance(a, tuple) and not isinstance(b, tuple):
                return a / b
            return a if b == 1 else 0 if a == 0 else (op, a, b)
        if op == "pow":
            a, n = rest
            return a**n if not isinstance(a, tuple) else a if n == 1 else 1 if n == 0 else (op, a, n)
        return (op, *rest)

    return back(short(to_tuple(e)))

# %% style="until nothing changes" of="bare"
# ~ simplify => once
# ...
#       return done[e]
# + 
# + 
# + def simplify(e):
# +     text = None
# +     while show(e) != text:
# +         text = show(e)
# +         e = once(e)
# +     return e

# %% nothing="as it was"
def simplify(e):
    return e

# %% nothings of="as it was"
# ~ return e => return const(0)             # zero
# ~ return e => return const(float('nan'))  # NaN
# ~ return e => return var(show(e))         # a short text
# ~ return e => return 2 * var('x')         # 2 * x
