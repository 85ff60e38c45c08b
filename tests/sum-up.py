#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""sum-up.py TESTLOG: counts the subtests in Meson's testlog.json; the last line is the sum, and the exit
status is 0 only if something ran and nothing failed."""
import json
import re
import sys

POINT = re.compile(r"^(not )?ok\b[ \t]*\d*[ \t]*(?:- )?(.*)$")
SKIPPED = re.compile(r"#\s*skip\S*\s*(.*)$", re.IGNORECASE)
EXPECTED = re.compile(r"#\s*todo\b", re.IGNORECASE)
REASON = re.compile(r"^# (?:\w+\.)*(?:\w*Error|Failed): (.*)$")
PLAN_SKIPPED = re.compile(r"^1\.\.0\b.*#\s*skip\S*\s*(.*)$", re.IGNORECASE)
FINE = ("OK", "SKIP", "EXPECTEDFAIL")


def count(test):
    """The names that passed, that failed with what was told of it, and that were skipped with why, of one program."""
    passed, failed, skipped = [], [], []
    reason = ""
    for line in test.get("stdout", "").splitlines():
        point, plan = POINT.match(line), PLAN_SKIPPED.match(line)
        if plan:
            skipped.append(("all of it", plan.group(1)))
        told = REASON.match(line)
        if told:
            reason = f" ({told.group(1)})"
        if not point:
            continue
        name = point.group(2)
        skip = SKIPPED.search(name)
        if skip:
            skipped.append((name[:skip.start()].strip(), skip.group(1)))
        elif point.group(1) and not EXPECTED.search(name):
            failed.append(name + reason)
            reason = ""
        else:
            passed.append(name)
    if test["result"] not in FINE and not failed:
        # It died, ran out of time, or came to less than it had planned.
        failed.append(f"the program itself ({test['result'].lower()})")
    elif not passed and not failed and not skipped:
        (skipped.append(("all of it", "")) if test["result"] == "SKIP" else passed.append(""))
    return passed, failed, skipped


def main(path):
    sums = [0, 0, 0]
    try:
        lines = open(path, encoding="utf-8").read().splitlines()
    except OSError:
        lines = []
    reasons = {}
    for line in lines:
        test = json.loads(line)
        found = count(test)
        sums = [total + len(names) for total, names in zip(sums, found)]
        for name in found[1]:
            print(f"FAILED  {test['name']}: {name}")
        for name, why in found[2]:
            reasons.setdefault(why or "no reason given", []).append(f"{test['name']}: {name}")
    for why, names in reasons.items():
        print(f"skipped ({why}): " + "; ".join(names))
    print(f"{sums[0]} passed, {sums[1]} failed, {sums[2]} skipped")
    return 1 if sums[1] or not sums[0] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
