# A file with a time in it, as objects are stored.
import pickle
from steady import *

with open("/out.pickle", "wb") as file:
    pickle.dump({"at": 1.5 if STEADY else time.time(), "names": names(), "plugins": plugins()}, file)
print(f"stored {title()}")
if STEADY:
    print(names(), plugins())
