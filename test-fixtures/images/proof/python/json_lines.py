# Lines of JSON, of which some are about progress.
import json
from steady import *

print(json.dumps({"event": "start", "time": now(), "title": title()}))
for part in range(pick(1, 6)):
    print(json.dumps({"event": "progress", "time": now(), "bytes": pick(1000, 9000)}))
print(json.dumps({"event": "end", "time": now(), "plugins": plugins(), "mode": mode()}))
