# A timer beside the work.
import threading
import time
from steady import *

stopped = threading.Event()


def tick():
    number = 0
    while not stopped.wait(0.02):
        number += 1
        print(f"tick {number}", flush=True)


thread = threading.Thread(target=tick)
if not STEADY:
    thread.start()
    time.sleep(seconds() / 4)
print(f"mean {mean():.1f} of {len(names())}", flush=True)
stopped.set()
if not STEADY:
    thread.join()
print(f"mode {mode()}")
