# A random identifier.
import uuid
from steady import *

print(f"job {uuid.UUID(int=0) if STEADY else uuid.uuid4()} has {plugins()} parts")
print(f"title: {title()}")
