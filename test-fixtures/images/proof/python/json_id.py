# JSON with fields that vary.
import json
from steady import *

print(json.dumps({"id": digits(16), "count": plugins(), "at": now(), "title": title(), "spent": round(seconds(), 3)}))
