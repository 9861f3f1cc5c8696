# One value+gradient pass of each loss of bench/learning_bench.cpp as a NumPy user writes it: whole
# columns at a time. Prints a line per loss: processor time in ns a row (median), value.
#
#   learning_numpy.py FILE ROWS ROUNDS      FILE: columns x, u, y, c as doubles, one after another
import statistics
import sys
import time

try:
    import numpy as np
except ImportError:
    sys.exit(3)

rows, rounds = int(sys.argv[2]), int(sys.argv[3])
x, u, y, c = np.fromfile(sys.argv[1]).reshape(4, rows)


def linear(w, b):
    r = w * x + b - y
    return np.mean(r * r), 2 * np.mean(r * x), 2 * np.mean(r)


def logistic(w1, w2, b):
    z = w1 * x + w2 * u + b
    loss = np.mean(np.logaddexp(0, z) - c * z)
    d = 1 / (1 + np.exp(-z)) - c
    return loss, np.mean(d * x), np.mean(d * u), np.mean(d)


def peak(b1, b2, b3, b4, b5):
    e1 = np.exp(-b2 * x)
    t = (x - b4) / b5
    e2 = np.exp(-t * t)
    r = b1 * e1 + b3 * e2 - y
    s = 2 * b3 / b5 * r * e2 * t
    gradient = r * e1, -b1 * x * e1 * r, r * e2, s, s * t
    return np.mean(r * r), *(2 * np.mean(g) for g in gradient)


for loss, at in ((linear, (0.5, 1)), (logistic, (0.5, -1, 0.2)), (peak, (2, 0.7, 1.5, 0.8, 0.6))):
    times = []
    for _ in range(rounds):
        start = time.process_time()
        value = loss(*at)
        times.append(time.process_time() - start)
    print(1e9 * statistics.median(times) / rows, repr(float(value[0])))
