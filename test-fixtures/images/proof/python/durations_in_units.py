# Times that change their unit.
from steady import *


def spent():
    value = 0.5 if STEADY else 10 ** (seconds() * 2 - 3)
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms"


for name in names()[:4]:
    print(f"{name}: done in {spent()}")
print(f"accuracy: {mean() / 1000:.2f}")
