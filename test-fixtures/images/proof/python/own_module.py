# What a module of its own says, beside a random walk.
from own_library import describe
from steady import *

walk = 0
for _ in range(5):
    walk += pick(-3, 3) if not STEADY else 0
    print(f"at {walk}")
print(describe(plugins()))
