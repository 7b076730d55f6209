# JSON of which a field comes or goes.
import json
from steady import *

for name in names()[:3]:
    extra = {"retried": True} if pick(0, 1) else {}
    print(json.dumps({"name": name, **extra, "total": total(), "spent": pick(1, 100000)}))
