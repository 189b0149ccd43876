from __future__ import annotations

from collections import Counter

from tests.weirline.policy.vocabulary import compiled
from weirline.policy.compiled_window import CompiledWindow, Sighting
from weirline.policy.facts import Direction, Facts
from weirline.policy.gate import Counted, GateDecision, decide_gates
from weirline.policy.limit import RateLimit
from weirline.policy.who import NOBODY, Who
from weirline.window.sliding import CALM, Standing

TOKEN = "defaults: {token: {header: authorization, jwt: {verify: mesh}}}\n"
OWN = """\
- id: own
  when: {path: "/v1/customers/{id}"}
  require: {path_param: id, equals_claim: customer_id}
  do: [{block: {status: 404}}]
"""
SEVEN = Who(claims={"customer_id": ("7",)}, verified=True)


class Purse:
    """A meter that allows so many requests of each key, and remembers who asked."""

    def __init__(self, most: int = 0, standing: Standing = CALM) -> None:
        self.most = most
        self.taken: Counter[tuple[str, str]] = Counter()
        self.seen: list[Sighting] = []
        self.standing_of = standing

    def take(self, rule: str, key: str, limit: RateLimit) -> int:
        self.taken[rule, key] += 1
        return 0 if self.taken[rule, key] <= self.most else limit.period_s

    def saw(self, sighting: Sighting, facts: Facts) -> bool:
        del facts
        self.seen.append(sighting)
        return self.standing_of.over

    def standing(self, window: CompiledWindow, facts: Facts) -> Standing:
        del window, facts
        return self.standing_of


def decide(
    rules: str, *, path: str = "/v1/customers/7", who: Who = NOBODY, purse: Purse | None = None
) -> GateDecision:
    facts = Facts(Direction.REQUEST, "GET", "api.shop.example", path, who=who)
    scope = compiled(TOKEN + "rules:\n" + rules).scope(facts)
    return decide_gates(scope.gates, facts, purse or Purse())


def status(decision: GateDecision) -> int:
    return 0 if decision.block is None else decision.block.status


def test_own_record_passes_and_another_one_is_refused() -> None:
    assert status(decide(OWN, who=SEVEN)) == 0
    assert status(decide(OWN, who=SEVEN, path="/v1/customers/8")) == 404
    assert status(decide(OWN, who=SEVEN, path="/v1/orders/8")) == 0


def test_requirement_holds_in_every_reading_of_the_path() -> None:
    assert status(decide(OWN, who=SEVEN, path="/v1/customers/8/../7")) == 404
    assert status(decide(OWN, who=SEVEN, path="/v1/customers/%38")) == 404
    assert status(decide(OWN, who=SEVEN, path="/v1/customers/7/")) == 0


def test_requirement_is_not_met_by_what_nobody_proved() -> None:
    assert status(decide(OWN, who=Who(claims={"customer_id": ("7",)}))) == 404
    assert status(decide(OWN)) == 404


def test_requirement_compares_query_header_and_claim_with_texts() -> None:
    rule = "- {id: a, when: {path: '/**'}, require: {%s, equals: [eu, us]}, do: [{block: {}}]}\n"
    query, header, claim = (rule % f"{name}: region" for name in ("query_param", "header", "claim"))
    assert status(decide(query, who=Who(query="region=eu"))) == 0
    assert status(decide(query, who=Who(query="region=eu&region=cn"))) == 403
    assert status(decide(header, who=Who(headers=((b"region", b"us"),)))) == 0
    assert status(decide(header, who=NOBODY)) == 403
    assert status(decide(claim, who=Who(claims={"region": ("us",)}, verified=True))) == 0
    assert status(decide(claim, who=Who(claims={"region": ("us",)}))) == 403


def test_rule_without_find_blocks_every_request_it_selects() -> None:
    rule = "- {id: a, when: {path: '/admin/**'}, do: [{block: {}}, alert]}\n"
    decision = decide(rule, path="/admin/x")
    assert status(decision) == 403
    assert decision.counted == (Counted("a", "block", False), Counted("a", "alert", False))
    assert status(decide(rule, path="/v1")) == 0


def test_shadow_counts_and_lets_through() -> None:
    rule = "- {id: a, when: {path: '/**'}, mode: shadow, do: [{block: {}}]}\n"
    decision = decide(rule)
    assert status(decision) == 0
    assert decision.counted == (Counted("a", "block", True),)


LIMIT = "- {id: a, when: {path: '/**'}, do: [{rate_limit: {requests: 2, per: 1m}}]}\n"


def test_limit_answers_429_with_retry_after_once_it_is_used_up() -> None:
    purse = Purse(2)
    who = Who(address="10.0.0.1")
    assert [status(decide(LIMIT, who=who, purse=purse)) for _ in range(3)] == [0, 0, 429]
    last = decide(LIMIT, who=who, purse=purse)
    assert last.block is not None
    assert last.block.headers == ((b"retry-after", b"60"),)
    assert last.counted == (Counted("a", "rate_limit", False),)


def test_limit_by_token_counts_an_unverified_one_for_its_address() -> None:
    purse = Purse(9)
    decide(LIMIT, who=Who(actor="x", address="10.0.0.1"), purse=purse)
    decide(LIMIT, who=Who(actor="x", address="10.0.0.1", verified=True), purse=purse)
    assert set(purse.taken) == {("a", "10.0.0.1"), ("a", "x")}


def test_block_beats_a_limit_and_of_two_blocks_the_first_id_answers() -> None:
    rules = (
        LIMIT
        + "- {id: c, when: {path: '/**'}, do: [{block: {status: 410}}]}\n"
        + "- {id: b, when: {path: '/v1/**'}, do: [{block: {status: 404}}]}\n"
    )
    assert status(decide(rules)) == 404


def test_tag_says_which_rule_and_observe_is_counted() -> None:
    rule = "- {id: a, when: {path: '/**'}, do: [observe, {tag_header: {x-rule: 'by {rule}'}}]}\n"
    decision = decide(rule)
    assert decision.tags == ((b"x-rule", b"by a"),)
    assert decision.counted == (Counted("a", "observe", False),)


def test_exception_holds_until_its_date() -> None:
    rules = "rules: [{id: a, when: {path: '/**'}, do: [{block: {}}]}]\nexceptions:\n"
    rules += "- {rule: a, when: {method: GET}, reason: x, owner: y, until: 2030-01-31}\n"
    facts = Facts(Direction.REQUEST, "GET", "h", "/")
    assert not compiled(rules, today="2030-01-31").scope(facts).gates
    assert compiled(rules, today="2030-02-01").scope(facts).gates


WINDOW = """\
windows:
  - id: many
    per: [address]
    count: requests
    over: 1h
    more_than: 3
    do: [%s]
    for: 30m
    mode: %s
"""
OVER = Standing(over=True, shared=False)
ONE_A_MINUTE = "{rate_limit: {requests: 1, per: 1m}}"


def judged(
    action: str, standing: Standing, *, mode: str = "enforce", most: int = 0
) -> GateDecision:
    facts = Facts(Direction.REQUEST, "GET", "api.shop.example", "/", who=Who(address="192.0.2.7"))
    rules = "rules: [{id: a, when: {path: /x}, find: {category: contact}, do: [observe]}]\n"
    scope = compiled(rules + WINDOW % (action, mode)).scope(facts)
    purse = Purse(most, standing)
    decision = decide_gates(scope.gates, facts, purse, scope.acting)
    assert [one.matches for one in purse.seen] == [1]
    return decision


def test_request_of_a_calm_actor_is_counted_and_passes() -> None:
    assert judged("{block: {status: 451}}", CALM) == GateDecision(None, (), ())


def test_actor_over_the_limit_is_blocked_and_going_over_is_counted() -> None:
    decision = judged("{block: {status: 451}}, alert", OVER)
    assert status(decision) == 451
    assert decision.counted == (Counted("many", "alert", False), Counted("many", "block", False))


def test_actor_that_many_share_is_limited_and_never_blocked() -> None:
    shared = Standing(over=True, shared=True)
    assert status(judged("{block: {status: 451}}", shared)) == 0
    decision = judged("{block: {status: 451}}, " + ONE_A_MINUTE, shared)
    assert status(decision) == 429
    assert Counted("many", "rate_limit", False) in decision.counted


def test_limit_of_a_window_lets_its_budget_pass() -> None:
    assert status(judged(ONE_A_MINUTE, OVER, most=1)) == 0
    assert status(judged(ONE_A_MINUTE, OVER)) == 429


def test_window_in_shadow_counts_and_carries_nothing_out() -> None:
    decision = judged("{block: {status: 451}}", OVER, mode="shadow")
    assert decision.block is None
    assert Counted("many", "block", True) in decision.counted
