# What is done only when a volume is new.
from pathlib import Path
from steady import *

marker = Path("/data/version")
if not marker.exists():
    marker.write_text(f"{plugins()}\n{title()}\n")
    print(f"initialised with {plugins()} migrations")
print("schema", marker.read_text().split()[0], "at", now())
