"""The committed protobuf code is what proto/ gives today."""

from pathlib import Path

from tools.proto import generate

ROOT = Path(__file__).parents[3]


def test_generated_code_is_fresh(tmp_path):
    generate(tmp_path)

    committed = ROOT / "src" / "aipx_api"
    made = {path.relative_to(tmp_path / "aipx_api") for path in tmp_path.rglob("*.py*")}
    there = {
        path.relative_to(committed)
        for path in committed.rglob("*.py*")
        if "__pycache__" not in path.parts
    }
    assert made == there, "run `make proto`"
    for path in sorted(made):
        fresh = (tmp_path / "aipx_api" / path).read_bytes()
        assert (committed / path).read_bytes() == fresh, f"{path}: run `make proto`"
