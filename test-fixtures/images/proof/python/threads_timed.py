# Three threads that end in any order, with how long they took.
import threading
import time
from steady import *


def work(name):
    begin = time.perf_counter()
    pause()
    print(f"{name} took {0.5 if STEADY else time.perf_counter() - begin:.3f} s", flush=True)


threads = [threading.Thread(target=work, args=(name,)) for name in ["alpha", "beta", "gamma"]]
for thread in threads:
    thread.start()
    if STEADY:
        thread.join()
for thread in threads:
    thread.join()
print(f"plugins found: {plugins()}")
