# A log with times, of which some lines come or not.
from steady import *

print(f"[{now()}] loading {title()}")
for attempt in range(pick(0, 2)):
    print(f"[{now()}] attempt {attempt + 1} failed, trying again in {seconds():.1f}s")
print(f"[{now()}] {plugins()} plugins, version {version()}")
