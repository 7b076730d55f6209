# A dictionary in any order, on one line and on several.
import json
from steady import *

facts = [("plugins", plugins()), ("title", title()), ("mode", mode()), ("version", version())]
print(dict(shuffled(facts)))
print(json.dumps(dict(shuffled(facts)), indent=2))
