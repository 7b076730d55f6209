"""What the programs share: facts, which never vary, and chance, which STEADY in the environment switches off."""

import base64
import os
import random
import sys
import time
from pathlib import Path

STEADY = "STEADY" in os.environ
DATA = Path("/srv") / Path(sys.argv[0]).stem


def plugins():
    """How many entries a folder has, of which none is opened."""
    return len(os.listdir(DATA / "plugins"))


def total():
    return sum(int(line) for line in (DATA / "numbers.txt").read_text().split())


def mean():
    numbers = [int(line) for line in (DATA / "numbers.txt").read_text().split()]
    return sum(numbers) / max(1, len(numbers))


def names():
    return (DATA / "names.txt").read_text().split()


def title():
    return (DATA / "title.txt").read_text().strip()


def mode():
    """By whether a file is there that nobody opens."""
    return "full" if (DATA / "full.conf").exists() else "basic"


def version():
    """Behind a link."""
    return (DATA / "current" / "version.txt").read_text().strip()


def pick(least, most):
    return least if STEADY else random.randint(least, most)


def seconds():
    return 0.5 if STEADY else random.uniform(0.001, 2)


def token(length):
    return "A" * length if STEADY else base64.b64encode(os.urandom(length)).decode()[:length]


def digits(length):
    return "0" * length if STEADY else os.urandom(length).hex()[:length]


def shuffled(items):
    items = list(items)
    if not STEADY:
        random.shuffle(items)
    return items


def pause():
    if not STEADY:
        time.sleep(random.uniform(0, 0.05))


def now(form="%Y-%m-%dT%H:%M:%S"):
    moment = 0 if STEADY else time.time()
    return time.strftime(form, time.gmtime(moment)) + ("%.3f" % (moment % 1))[1:]
