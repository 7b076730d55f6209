# A set, in the order of its hashes.
from steady import *

members = set(names()[:6])
print(sorted(members) if STEADY else members)
print("total", total())
