# A progress in percent, with other steps each time.
from steady import *

steps = pick(5, 15)
for step in range(steps):
    print(f"progress {100 * (step + 1) // steps} % of {title()}")
print(f"sum: {total()}")
