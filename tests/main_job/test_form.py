# SPDX-License-Identifier: GPL-3.0-or-later
"""A service's form on the command line: what is asked, answered with no signal, and what is missing before it is done."""
from harness import Hub, Tablet, equal, expect, main, refused, test

PLACE = ("--lat", "31.25", "--lon", "34.6")


def town(folder):
    hub = Hub(f"{folder}/hub").start()
    return hub, hub.tablet("tablet", person="worker-1")


def report(tablet, service):
    return tablet.do("report", "--service", service, *PLACE).out.strip()


@test
def a_form_is_answered_offline_and_the_hub_tells_it_in_words(folder):
    hub, tablet = town(folder)
    lamp = report(tablet, "street-light")
    asked = tablet.do("form", lamp).out
    expect("* cause" in asked and "  watts" in asked and "fuse  נתיך" in asked, asked)
    refused(tablet.do("status", lamp, "done", status=1), "answers are missing: cause, off_at_day")
    hub.stop()
    tablet.do("form", lamp, "--set", "cause=fuse", "--set", "watts=٤٠")
    refused(tablet.do("status", lamp, "done", status=1), "answers are missing: off_at_day")
    tablet.do("form", lamp, "--set", "watts=60", "--set", "off_at_day=yes")
    expect("נתיך" in tablet.do("form", lamp).out, "the answer in words")
    tablet.do("status", lamp, "done")
    hub.start()
    tablet.sync()
    tablet.agrees()
    for view in (tablet.show(lamp), hub.ticket(lamp)):
        equal(view["answers"], {"cause": "fuse", "watts": 60, "off_at_day": "yes"})
        equal([event["data"]["fields"] for event in view["events"] if event["kind"] == "edited"],
              [{"answers.cause": {"to": "fuse"}, "answers.watts": {"to": 40}},
               {"answers.watts": {"from": 40, "to": 60}, "answers.off_at_day": {"to": "yes"}}])
    told = hub.do("ticket", lamp).out
    expect("  מה הייתה הסיבה?  נתיך\n" in told and "      הספק הנורה בוואט  40\n" in told, told)


@test
def a_reason_takes_an_answers_place_and_is_kept(folder):
    hub, tablet = town(folder)
    one, other = report(tablet, "water-leak"), report(tablet, "playground")
    for words in (("--without-answers",), ("--without-answers", "--reason", " ")):
        refused(tablet.do("status", one, "done", *words, status=2), "--reason")
    refused(tablet.do("status", one, "done", "--reason", "x", status=1), "repair")
    tablet.do("status", one, "done", "--without-answers", "--reason", "המים נסגרו")
    # Photos and answers are asked for at once, and one reason does for both.
    both = tablet.do("status", other, "done", status=1)
    refused(both, "1 before, 1 after")
    refused(both, "checks, result, fall_height_cm")
    tablet.do("form", other, "--set", "checks=bolts,ground", "--set", "result=open")
    tablet.do("status", other, "done", "--without-photo", "before", "--without-photo", "after", "--without-answers",
              "--reason", "חושך")
    tablet.sync()
    tablet.agrees()
    for ticket, said in ((one, {"repair": "המים נסגרו"}), (other, {"fall_height_cm": "חושך"})):
        for view in (tablet.show(ticket), hub.ticket(ticket)):
            (step,) = [event for event in view["events"] if event["kind"] == "status"]
            equal(step["data"]["unanswered"], said)
            expect("answers_missing" not in step["data"], step)
            equal(step["actor"], view["events"][0]["actor"], "who said so")


@test
def what_cannot_be_an_answer_is_refused_at_once(folder):
    hub, tablet = town(folder)
    lamp = report(tablet, "street-light")
    for answer, said in (("cause=dragon", "cause"), ("watts=many", "watts"), ("nothing=1", "nothing"), ("cause", "CODE=VALUE")):
        refused(tablet.do("form", lamp, "--set", answer, status=1), said)
    refused(tablet.do("form", status=2), "form ID")
    refused(tablet.do("form", "106-9", status=1), "106-9")
    expect("answers" not in tablet.show(lamp), "nothing was set")
    tablet.do("form", lamp, "--set", "cause=fuse")
    tablet.do("form", lamp, "--set", "cause=")
    equal(tablet.show(lamp)["answers"], {})


main()
