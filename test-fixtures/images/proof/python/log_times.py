# A log with times and a process id.
import os
from steady import *

process = 1 if STEADY else os.getpid() * 31 + pick(0, 9)
for message in [f"start of {title()}", f"found {plugins()} plugins", f"sum {total()}", "end"]:
    pause()
    print(f"{now()} INFO [{process}] {message}")
