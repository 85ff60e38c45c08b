# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors are one line that names the thing, exit 1; wrong usage is 2."""
import os
import socket

from harness import Hub, Tablet, equal, expect, finish, listening, main, refused, run, start, test, to_work_on
import harness


def usage(done):
    equal(done.status, 2, done)
    equal(len(done.said), 1, done)
    expect("--help" in done.said[0], done)


@test
def what_is_not_there_is_named(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    before = tablet.list()
    for words in (("show", "nothing-such"), ("status", "nothing-such", "done"), ("note", "nothing-such", "x"),
                  ("photo", "nothing-such", __file__), ("hand-over", "nothing-such", "roads"),
                  ("place", "nothing-such", "missing")):
        refused(tablet.do(*words, status=1), "nothing-such")
    refused(tablet.do("hand-over", ticket, "astronomy", status=1), "astronomy")
    refused(tablet.do("report", "--service", "stars", "--lat", "31", "--lon", "34", status=1), "stars")
    refused(tablet.do("note", ticket, "x" * 5000, status=1), "text")
    refused(tablet.do("note", ticket, "", status=1), "text")
    refused(hub.do("ticket", "nothing-such", status=1), "nothing-such")
    refused(hub.do("assign", "nothing-such", "roads-1", status=1), "nothing-such")
    refused(hub.do("assign", ticket, "astronauts", status=1), "crew")
    refused(hub.do("enrol", "--crew", "astronauts", status=1), "astronauts")
    refused(hub.do("enrol", "--supervisor", "astronomy", status=1), "astronomy")
    refused(hub.do("enrol", "--crew", "roads-1", "--person", "nobody", status=1), "nobody")
    equal(tablet.list(), before)
    equal(tablet.outbox(), [])


@test
def an_ambiguous_prefix_says_so_and_a_longer_one_will_do(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    one, other = sorted(ticket["id"] for ticket in tablet.list())[:2]
    n = len(os.path.commonprefix([one, other]))
    for view in (tablet.do("show", one[:n], status=1), hub.do("ticket", one[:n], status=1)):
        refused(view, one[:n], "several")
    others = sorted(ticket["id"] for ticket in tablet.list() if ticket["id"] != one)
    unique = next(one[:i] for i in range(1, 37) if not any(o.startswith(one[:i]) for o in others))
    equal(tablet.show(unique)["id"], one)
    number = tablet.show(one)["number"]
    equal([tablet.show(number)["id"], hub.ticket(number)["id"]], [one, one])
    refused(tablet.do("show", "", status=1), "“”")
    refused(tablet.do("show", "%", status=1), "%")


@test
def a_step_that_may_not_be_is_refused_in_words(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    refused(tablet.do("status", ticket, "closed", status=1), "crew", "closed")
    refused(tablet.do("assign", ticket, "roads-2", status=1), "crew")
    equal(tablet.outbox(), [])
    equal(tablet.show(ticket)["status"], "assigned")


@test
def wrong_usage_is_2(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    for words in ((), ("fly",), ("show",), ("show", "a", "b"), ("status", ticket), ("status", ticket, "asleep"),
                  ("status", ticket, "duplicate"), ("note", ticket), ("photo", ticket),
                  ("photo", ticket, "x.jpg", "--role", "middle"), ("report",), ("sync", "now"), ("check", "it"),
                  ("report", "--service", "road-hole", "--lat", "91", "--lon", "34"),
                  ("report", "--service", "road-hole", "--lat", "nan", "--lon", "34"),
                  ("list", "--status", "asleep"), ("list", "--near", "31"), ("list", "--limit", "-1"),
                  ("list", "--limit", "many"), ("list", "--no-such-option"), ("place", "a", "eaten")):
        usage(tablet.do(*words, status=2))
    usage(run(harness.ctl_program, "list", status=2))
    data = ["--data", hub.folder]
    for words in ((), ("fly", *data), ("crews",), ("ticket", *data), ("assign", ticket, *data), ("import", *data),
                  ("import", "csv", "x", *data), ("enrol", *data), ("sample", "--tickets", "-1", *data),
                  ("enrol", "--crew", "roads-1", "--supervisor", "roads", *data), ("serve", "--wrong", *data)):
        usage(run(harness.hub_program, *words, status=2))
    for program in (harness.hub_program, harness.ctl_program):
        expect("Usage" in run(program, "--help").out)
    usage(finish(start([*[part.encode() for part in tablet.argv("note", ticket)], b"\xff\xfe"]), 2))


@test
def a_bad_folder_is_named(folder):
    with open(f"{folder}/file", "w", encoding="utf-8") as file:
        file.write("not a folder")
    os.mkdir(f"{folder}/damaged")
    for name in ("hub.db", "store.db"):
        with open(f"{folder}/damaged/{name}", "wb") as file:
            file.write(b"not a database" * 1000)
    for where, word in (("file", "file"), ("nowhere", "nowhere"), ("damaged", ".db"), ("file/below", "file")):
        refused(run(harness.hub_program, "crews", "--data", f"{folder}/{where}", status=1), word)
        refused(run(harness.ctl_program, "--store", f"{folder}/{where}", "list", status=1), word)
    for where, word in (("file", "file"), ("damaged", ".db"), ("file/below", "below")):
        refused(run(harness.hub_program, "serve", "--data", f"{folder}/{where}", "--listen", "127.0.0.1:0",
                    status=1), word)
    expect(not os.path.exists(f"{folder}/nowhere"), "nothing was made")


@test
def a_hub_that_cannot_be_reached_is_said_and_nothing_is_lost(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    tablet.do("note", ticket, "kept")
    hub.stop()
    done = refused(tablet.do("sync", "--json", status=1), "127.0.0.1")
    equal([done.json()["pending"], done.json()["in_touch"]], [1, False])
    refused(tablet.do("check", status=1), "hub")
    fresh = Tablet(f"{folder}/fresh")
    refused(fresh.do("enrol", hub.url, "AAAAA-AAAAA", status=1), "hub")
    refused(fresh.do("enrol", "ftp://x", "AAAAA-AAAAA", status=1), "ftp://x")
    refused(fresh.do("sync", status=1), "enrol")
    refused(fresh.do("check", status=1), "enrol")
    equal(len(tablet.outbox()), 1)


@test
def a_code_is_for_one_tablet_once(folder):
    hub = Hub(f"{folder}/hub").start()
    done = hub.do("enrol", "--crew", "roads-1")
    equal(done.out.count("\n"), 1, "the code and nothing else")
    code = done.out.strip()
    a, b = Tablet(f"{folder}/a"), Tablet(f"{folder}/b")
    refused(a.do("enrol", hub.url, "WRONG-C0DE1", status=1), "code")
    a.do("enrol", hub.url, code.lower().replace("-", " "))
    refused(b.do("enrol", hub.url, code, status=1), "code")
    refused(a.do("enrol", hub.url, code, status=1), "enrolled already")
    a.sync()
    equal(oct(os.stat(f"{a.folder}/device.json").st_mode & 0o777), "0o600")
    with open(f"{hub.folder}/hub.db", "rb") as db, open(f"{a.folder}/device.json", encoding="utf-8") as device:
        content = db.read()
        expect(code.replace("-", "").encode() not in content and device.read().split('"token":"')[1][:20].encode()
               not in content, "only hashes are kept")


@test
def the_token_of_another_hub_ends_nothing_but_the_sync(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    ticket = to_work_on(tablet)
    hub.stop()
    other = Hub(f"{folder}/other")
    other.port = hub.port
    other.start()
    tablet.do("note", ticket, "kept")
    refused(tablet.do("sync", "--json", status=1), "enrolled")
    refused(tablet.do("check", status=1), "enrolled")
    tablet.do("note", ticket, "work goes on")
    other.stop()
    hub.start()
    equal(tablet.sync()["pending"], 0)
    equal(tablet.outbox(), [])


@test
def plain_http_only_on_loopback_unless_a_proxy_stands_in_front(folder):
    hub = Hub(f"{folder}/hub")
    serve = [harness.hub_program, "serve", "--data", hub.folder, "--listen"]
    for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:0"):
        refused(run(*serve, address, status=1), address.rsplit(":", 1)[0].strip("[]"))
    for address in ("nonsense", "127.0.0.1:99999", ":::"):
        refused(run(*serve, address, status=1), address)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused(run(*serve, f"127.0.0.1:{taken.getsockname()[1]}", status=1), str(taken.getsockname()[1]))
    process = start([*serve, "0.0.0.0:0", "--behind-proxy"])
    expect(listening(process).startswith("http://0.0.0.0:"))
    process.terminate()
    finish(process)


@test
def hebrew_goes_in_and_out_where_no_language_is_set_up(folder):
    hub = Hub(f"{folder}/hub").start()
    tablet = hub.tablet("tablet")
    for language in ("C", "POSIX", "he_IL.ISO-8859-8"):
        new = tablet.do("report", "--service", "road-hole", "--lat", "31.25", "--lon", "34.6", "--title",
                        f"בור בכביש {language}", LC_ALL=language).out.strip()
        equal(tablet.do("show", new, "--json", LC_ALL=language).json()["title"], f"בור בכביש {language}")
        expect("בור" in tablet.do("list", "--search", "כביש", LC_ALL=language).out)
    tablet.sync()
    expect("בור בכביש" in run(harness.hub_program, "ticket", new, "--data", hub.folder, LC_ALL="C").out)


main()
