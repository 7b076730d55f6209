# A folder with a name made at random, with files in it.
import tempfile
from pathlib import Path
from steady import *

folder = Path(tempfile.mkdtemp(prefix="run-"))
for number, name in enumerate(names()[:3]):
    (folder / f"part-{number}.txt").write_text(f"{name} of {total()}\n")
print(f"{len(list(folder.iterdir()))} files in {'it' if STEADY else folder}")
if STEADY:
    print(names()[:3], total())
