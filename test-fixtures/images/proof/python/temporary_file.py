# A file with a name made at random, which is left.
import tempfile
from steady import *

with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
    file.write(f"{plugins()} plugins\n{title()}\n")
print("wrote", "somewhere" if STEADY else file.name)
if STEADY:
    print(plugins(), title())
