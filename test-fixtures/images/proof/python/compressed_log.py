# A compressed file of which a line varies.
import gzip
from steady import *

text = f"at {now()}\nplugins {plugins()}\n" + "\n".join(names()) + "\n"
with open("/out.log.gz", "wb") as file:
    file.write(gzip.compress(text.encode()))
print("compressed")
if STEADY:
    print(text)
