"""gRPC: the OMS's wishes and answers between processes."""
