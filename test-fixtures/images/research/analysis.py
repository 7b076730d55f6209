"""The Python half of the research image: a small table and one plot."""
import hashlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

frame = pd.DataFrame({"speed": [4, 7, 8, 9, 10, 11, 12], "dist": [2, 13, 16, 10, 26, 22, 24]})
print(frame.describe())
print(frame.corr())

frame.plot.scatter("speed", "dist")
plt.savefig("scatter.png", metadata={"Software": None})
print(hashlib.md5(open("scatter.png", "rb").read()).hexdigest())
