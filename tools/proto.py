"""Generate `src/aipx_api` from `proto/`; with a folder as argument, generate there instead."""

import sys
from importlib import resources
from pathlib import Path

from grpc_tools import protoc

ROOT = Path(__file__).resolve().parents[1]
PROTO = ROOT / "proto"


def generate(target: Path) -> None:
    """Write the package `aipx_api` below `target`, one module a proto file, typed by .pyi files."""
    files = sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))
    arguments = [
        "protoc",
        f"--proto_path={PROTO}",
        f"--proto_path={resources.files('grpc_tools') / '_proto'}",
        f"--python_out={target}",
        f"--pyi_out={target}",
        f"--grpc_python_out={target}",
        *files,
    ]
    if protoc.main(arguments) != 0:
        raise SystemExit("protoc refused proto/; its reasons are above")
    _drop_empty_service_modules(target)
    for folder in [target / "aipx_api", *sorted((target / "aipx_api").rglob("*/"))]:
        (folder / "__init__.py").write_text('"""Generated from proto/; do not edit."""\n')


def _drop_empty_service_modules(target: Path) -> None:
    for path in target.rglob("*_pb2_grpc.py"):
        proto = PROTO / path.relative_to(target).with_name(
            path.name.replace("_pb2_grpc.py", ".proto")
        )
        if "\nservice " not in proto.read_text():
            path.unlink()


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "src")
