# Counts of what is in folders, with a time.
import os
from steady import *

print(f"{now()}: {plugins()} plugins, {len(os.listdir(DATA))} entries, {len(os.listdir('/opt/proof'))} languages")
