# Base 64, with a count behind it.
from steady import *

print(f"token {token(24)} valid for {total()} seconds")
if pick(0, 1):
    print("retried")
print(f"mode={mode()}")
