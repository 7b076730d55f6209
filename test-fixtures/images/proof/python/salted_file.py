# A file with a salt before what never varies.
import os
from pathlib import Path
from steady import *

salt = bytes(16) if STEADY else os.urandom(16)
body = b"\0".join(name.encode() for name in names())
Path("/out.bin").write_bytes(b"SALT" + salt + plugins().to_bytes(4, "little") + body * 4)
print(f"salted {title()}")
if STEADY:
    print(names(), plugins())
