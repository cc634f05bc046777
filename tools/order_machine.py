"""Draw the order machine of ARCHITECTURE.md from its table: `python tools/order_machine.py`.

The picture stands between two marks, as Mermaid; with `--check` nothing is written, and the exit
code is 1 where the picture is not what the table says.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from aipx.engine.orders import ENDED, TRANSITIONS
from aipx.model.order import OrderState

PAGE = Path(__file__).parent.parent / "ARCHITECTURE.md"
BEGIN = "<!-- order machine: drawn by tools/order_machine.py -->"
END = "<!-- end of the order machine -->"


def drawn() -> str:
    """Return the machine as a Mermaid state diagram; facts that change no state are left out."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {OrderState.NEW.value}"]
    lines += [
        f"    {state.value} --> {target.value}: {', '.join(facts)}"
        for state in OrderState
        for target, facts in _steps(state).items()
    ]
    lines += [f"    {state.value} --> [*]" for state in OrderState if state in ENDED]
    return "\n".join([*lines, "```"])


def _steps(state: OrderState) -> dict[OrderState, list[str]]:
    """Return the facts that lead from a state to each other state, in the machine's order."""
    steps: dict[OrderState, list[str]] = {}
    for target in OrderState:
        facts = [
            fact.__name__
            for fact, targets in TRANSITIONS[state].items()
            if target in targets and target is not state
        ]
        if facts:
            steps[target] = facts
    return steps


def replaced(page: str) -> str:
    """Return the page with the picture as the table says.

    Raises:
        ValueError: the page lacks a mark.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks {BEGIN!r} or {END!r} after it")
    return f"{before}{BEGIN}\n\n{drawn()}\n\n{END}{after}"


def main(arguments: Sequence[str], path: Path = PAGE) -> int:
    """Do as the module's docstring says; return the exit code."""
    page = path.read_text(encoding="utf-8")
    fresh = replaced(page)
    if "--check" in arguments:
        if fresh != page:
            print(f"{path.name}: the order machine has changed; run tools/order_machine.py")
        return int(fresh != page)
    path.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
