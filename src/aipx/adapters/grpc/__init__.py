"""gRPC: the OMS's wishes and answers between processes."""

import os

# gRPC's C core takes its log level from the environment only, when it is loaded. Its INFO lines
# (an ordinary GOAWAY at the end of a server) are no news to anybody who reads our stderr.
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")  # noqa: TID251
