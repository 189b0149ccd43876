"""`weirline policy test`: plays the cases beside policies, and says which rules they try.

Cases of `shop.yaml` stand in `shop.test.yaml` beside it. It refuses cases that cannot be read with
every fault and its place, and never prints a value: a failure says what was expected and what came.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec

from weirline.cli.compiled_cache import cached_scanner
from weirline.cli.output import complain, say
from weirline.cli.policy_case import Case, Cases, case_faults, play
from weirline.cli.policy_text import add_packs, detectors_of, read_policy, read_text
from weirline.detect.chain import DEFAULT_MAX_FINDINGS
from weirline.detect.detector import Detector
from weirline.detect.floor import Floors
from weirline.errors import PolicyError
from weirline.policy.evaluate import CompiledPolicy, compile_policy
from weirline.policy.fault import SHAPE, Faults
from weirline.policy.own_detector import with_own
from weirline.policy.policy import Policy
from weirline.policy.shape import ShapeCheck
from weirline.rulepack.entry import Place
from weirline.rulepack.yaml_text import read_tree
from weirline.scan import FlowScanner


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one case."""

    case: Case
    wrong: tuple[str, ...]
    matched: frozenset[str]


@dataclass(frozen=True, slots=True)
class Trial:
    """The results of one policy, and the rules that no case made match."""

    file: str
    results: tuple[Result, ...]
    untried: tuple[str, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `policy test` takes."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a policy with cases beside it")
    parser.add_argument("--junit", metavar="FILE", help="write the results as JUnit XML too")
    parser.add_argument(
        "--all-rules", action="store_true", help="fail where a rule is tried by no case"
    )
    add_packs(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Play all cases; return 0 if all came as expected, 1 if one did not."""
    detectors = detectors_of(args)
    policies = [(file, read_policy(file, detectors), read_cases(file)) for file in args.files]
    trials = [
        try_policy(file, policy, cases, (detectors, scanner_of(policy, detectors)))
        for file, policy, cases in policies
    ]
    for trial in trials:
        _tell(trial)
    if args.junit:
        Path(args.junit).write_bytes(junit(trials))
    failed = any(result.wrong for trial in trials for result in trial.results)
    untried = args.all_rules and any(trial.untried for trial in trials)
    return 1 if failed or untried else 0


def scanner_of(policy: Policy, shipped: Sequence[Detector]) -> FlowScanner:
    """Return the scanner of the shipped detectors and of those that a policy brings."""
    detectors = with_own(shipped, policy.detectors)
    return cached_scanner(detectors, max_findings=DEFAULT_MAX_FINDINGS, floors=Floors())


def read_cases(file: str) -> Cases:
    """Return the cases beside a policy. Raises PolicyError with everything wrong with them."""
    path = cases_path(file)
    text = read_text(path)
    faults = Faults(path)

    def note(place: Place, mend: str) -> None:
        faults.add(SHAPE, (), place, mend)

    tree = read_tree(text, note)
    shape = msgspec.inspect.type_info(Cases)
    plain = None if tree is None else ShapeCheck(faults).check(tree, shape)
    if faults:
        raise PolicyError(faults.sorted())
    cases = msgspec.convert(plain, Cases)
    problems = case_faults(cases, path)
    if problems:
        raise PolicyError(problems)
    return cases


def cases_path(file: str) -> str:
    """Return where the cases of a policy stand."""
    path = Path(file)
    return str(path.with_name(path.stem + ".test.yaml"))


def try_policy(
    file: str,
    policy: Policy,
    cases: Cases,
    tools: tuple[Sequence[Detector], FlowScanner],
) -> Trial:
    """Play every case of one policy; `tools` are the detectors and their scanner."""
    detectors, scanner = tools
    compiled: CompiledPolicy = compile_policy(policy, detectors)
    results: list[Result] = []
    for case in cases.cases:
        played = play(case, compiled, scanner)
        results.append(Result(case, tuple(played.wrong), frozenset(played.matched)))
    tried = {rule for result in results for rule in result.matched}
    untried = tuple(rule.id for rule in policy.rules if rule.id not in tried)
    return Trial(file, tuple(results), untried)


def junit(trials: Sequence[Trial]) -> bytes:
    """Return the results as JUnit XML, one suite a policy."""
    root = ET.Element("testsuites")
    for trial in trials:
        failed = [result for result in trial.results if result.wrong]
        suite = ET.SubElement(
            root,
            "testsuite",
            name=trial.file,
            tests=str(len(trial.results)),
            failures=str(len(failed)),
        )
        for result in trial.results:
            case = ET.SubElement(suite, "testcase", classname=trial.file, name=result.case.id)
            if result.wrong:
                failure = ET.SubElement(case, "failure", message=result.wrong[0])
                failure.text = "\n".join(result.wrong)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _tell(trial: Trial) -> None:
    failed = 0
    for result in trial.results:
        if result.wrong:
            failed += 1
            for line in result.wrong:
                complain(f"{trial.file}: {result.case.id}: {line}")
    total = len(trial.results)
    rules = f"; no case tries {', '.join(trial.untried)}" if trial.untried else ""
    say(f"{trial.file}: {total - failed} of {total} cases as expected{rules}")
