# A table whose columns are as wide as it happens.
from steady import *

width = pick(10, 30)
print("-" * (width + 10))
for name, value in [("plugins", plugins()), ("total", total()), ("version", version())]:
    print(f"{name:<{width}}{value:>10}")
print("-" * (width + 10))
