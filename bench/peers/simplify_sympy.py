"""SymPy's simplify() on the derivatives of a corpus file, cold: caches emptied before each.

Prints milliseconds of processor time: median, 90th and 99th percentile, most.
"""

import sys
import time

try:
    import sympy
    from sympy.core.cache import clear_cache
except ImportError:
    sys.exit(0)

times = []
for line in open(sys.argv[1]):
    if line.startswith("#") or not line.strip():
        continue
    text, variable, order = [f.strip() for f in line.split(" ; ")][:3]
    names = {n: sympy.Symbol(n, real=True) for n in "abcdxyz"}
    clear_cache()
    raw = sympy.diff(sympy.sympify(text, locals=names), names[variable], int(order))
    clear_cache()
    start = time.process_time()
    sympy.simplify(raw)
    times.append(1e3 * (time.process_time() - start))
times.sort()
at = [times[(len(times) - 1) * p // 100] for p in (50, 90, 99, 100)]
name = "SymPy %s simplify, cold" % sympy.__version__
print("%-28s %10.3f %10.3f %10.3f %10.3f" % (name, *at))
