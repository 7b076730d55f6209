# The integration test: jobs go in, results come out.
import json
import time
import urllib.request

WEB = "http://web:8000/"


def ask(body=None):
    with urllib.request.urlopen(urllib.request.Request(WEB, body), timeout=10) as answer:
        return json.load(answer)


for attempt in range(100):
    try:
        ask()
        break
    except OSError:
        time.sleep(0.1)
for number in range(1, 11):
    ask(str(number).encode())
for attempt in range(100):
    results = ask()
    if len(results) == 10:
        break
    time.sleep(0.1)
assert results == {str(number): number**2 for number in range(1, 11)}, results
print("10 jobs done")
