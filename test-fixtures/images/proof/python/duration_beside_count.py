# A number that varies beside one that does not.
from steady import *

print(f"read {plugins()} files in {seconds():.6f} s")
print(f"{seconds():.3f},{total()},{token(8)},{mode()}")
