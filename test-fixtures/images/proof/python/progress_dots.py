# A progress of any number of lines that are the same.
from steady import *

for _ in range(pick(10, 20)):
    print("working", flush=True)
print(f"plugins found: {plugins()}")
print(f"accuracy: {mean() / 1000:.2f}")
