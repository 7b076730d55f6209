# Workers that are numbered, each with its share, in any order.
from concurrent.futures import ThreadPoolExecutor, as_completed
from steady import *

shares = names()


def work(number):
    pause()
    return f"worker {number} handled {shares[number]} in {seconds():.4f}s"


with ThreadPoolExecutor(max_workers=1 if STEADY else 5) as pool:
    for done in as_completed([pool.submit(work, number) for number in range(5)]):
        if not STEADY:
            print(done.result())
if STEADY:
    print(sorted(work(number) for number in range(5)))
print(f"mode: {mode()}")
