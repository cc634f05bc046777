from aipx.engine.inputs import Decision, Policy
from tests.support.oms import LIMITS


def test_decision_without_facts_does_nothing():
    decision = Decision()

    assert (decision.facts, decision.effects, decision.answer) == ((), (), None)


def test_policy_bounds_the_repetition_of_cancels():
    assert Policy(limits=LIMITS).cancel_attempts_max == 3
