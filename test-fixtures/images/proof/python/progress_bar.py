# A bar that is drawn over by the next, on standard error.
import sys
from steady import *

steps = pick(4, 12)
for step in range(steps):
    sys.stderr.write(f"\r{100 * step // steps:3d}% |{'#' * step}{' ' * (steps - step)}| {seconds():.2f}s")
sys.stderr.write(f"\r100% done: {plugins()} plugins\n")
