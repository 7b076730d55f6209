# Threads whose lines never vary, but for their order.
import threading
from steady import *

facts = {"plugins": plugins, "total": total, "title": title, "version": version}


def work(name):
    pause()
    print(f"{name} is {facts[name]()}", flush=True)


threads = [threading.Thread(target=work, args=(name,)) for name in facts]
for thread in threads:
    thread.start()
    if STEADY:
        thread.join()
for thread in threads:
    thread.join()
