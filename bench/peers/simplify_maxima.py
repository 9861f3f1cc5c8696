"""Maxima's strategies on the derivatives of a corpus file, the mean of many calls each.

Prints milliseconds of processor time: median, 90th and 99th percentile, most, for each strategy.
"""

import re
import shutil
import subprocess
import sys

if shutil.which("maxima") is None:
    sys.exit(0)

strategies = ["fullratsimp", "factor", "radcan", "trigsimp"]
program = ["display2d: false$", "calls: 100$"]
for line in open(sys.argv[1]):
    if line.startswith("#") or not line.strip():
        continue
    text, variable, order = [f.strip() for f in line.split(" ; ")][:3]
    text = re.sub(r"\bpi\b", "%pi", text)
    program.append("raw: diff(%s, %s, %s)$" % (text, variable, order))
    for s in strategies:
        program.append(
            "block([t: elapsed_run_time()], for i thru calls do %s(raw), "
            'print("time", %s, float((elapsed_run_time() - t)/calls)))$' % (s, s)
        )
result = subprocess.run(
    ["maxima", "--very-quiet"], input="\n".join(program), capture_output=True, text=True
)
for s in strategies:
    times = [1e3 * float(t) for t in re.findall(r"time %s ([-+.\deE]+)" % s, result.stdout)]
    if not times:
        continue
    times.sort()
    at = [times[(len(times) - 1) * p // 100] for p in (50, 90, 99, 100)]
    print("%-28s %10.3f %10.3f %10.3f %10.3f" % ("Maxima %s, warm" % s, *at))
