# A port that the kernel chooses.
import socket
from steady import *

with socket.create_server(("127.0.0.1", 0)) as server:
    port = 1 if STEADY else server.getsockname()[1]
    print(f"listening on 127.0.0.1:{port} for {plugins()} plugins")
    print(f"http://127.0.0.1:{port}/{version()}/{title().replace(' ', '-')}")
