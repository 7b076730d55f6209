# A progress that counts.
from steady import *

for step in range(pick(10, 20)):
    print(f"step {step + 1}")
    pause()
print(f"names: {len(names())}, version: {version()}")
