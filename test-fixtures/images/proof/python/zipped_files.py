# An archive of files, of which one has a time in it.
import zipfile
from steady import *

with zipfile.ZipFile("/out.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("names.txt", "\n".join(names()))
    archive.writestr("run.txt", f"{now()} {plugins()} plugins, {mode()}")
print(f"packed {title()}")
if STEADY:
    print(names(), plugins(), mode())
