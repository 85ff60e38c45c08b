# SPDX-License-Identifier: GPL-3.0-or-later
"""A city's requests, taken in whole, twice, and worked on."""
import json
import os
import re

from harness import Hub, equal, expect, main, own, real, refused, run, test
import harness


def leaves(value, path=""):
    """Each scalar of a JSON value with the way to it."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, f"{path}/{key}")
    elif isinstance(value, list):
        for i, one in enumerate(value):
            yield from leaves(one, f"{path}/{i}")
    else:
        yield path, value


def digits(text):
    """JSON whose numbers stay as they are written."""
    return json.loads(text, parse_float=lambda one: ("number", one), parse_int=lambda one: ("number", one))


def raw_ticket(hub, ticket):
    return digits(hub.do("ticket", ticket, "--json").out)


@test
def chicago_comes_in_whole_and_a_second_time_changes_nothing(folder):
    file = real("open311", "chicago-requests.json")
    hub = Hub(f"{folder}/hub", sample=False)
    first = hub.do("import", "open311", file).out
    expect(first.startswith("50 rows: 50 tickets with "), first)
    with open(file, encoding="utf-8") as source:
        rows = json.load(source)
    before = {row["service_request_id"]: hub.do("ticket", row["service_request_id"], "--json").out for row in rows}
    for row in rows:
        ticket = json.loads(before[row["service_request_id"]])
        equal(ticket["status"] in ("closed", "done"), row["status"] == "closed")
        equal(ticket["address"], row["address"])
        expect(len(ticket["events"]) >= len(row["notes"]), "journey of", row["service_request_id"])
        text = before[row["service_request_id"]]
        for note in row["notes"]:
            for word in (note.get("summary"), note.get("description")):
                expect(word is None or json.dumps(word, ensure_ascii=False)[1:-1] in text, word)
    second = hub.do("import", "open311", file).out
    expect(re.search(r"^0 entities added, 0 changed, \d+ as they were$", second, re.MULTILINE), second)
    for number, text in before.items():
        equal(hub.do("ticket", number, "--json").out, text)


@test
def numbers_do_not_change_on_the_way(folder):
    file = real("open311", "chicago-requests.json")
    hub = Hub(f"{folder}/hub")
    hub.do("import", "open311", file, "--crew", "roads-1")
    hub.start()
    tablet = hub.tablet("tablet")
    with open(file, encoding="utf-8") as source:
        text = source.read()
    numbers = [row["service_request_id"] for row in json.loads(text)]
    equal(len(set(numbers) & {one["number"] for one in tablet.list()}), 50, "on the tablet")
    before = {number: raw_ticket(hub, number) for number in numbers}
    # A position that has more digits than we keep must still be there as it was written.
    for row in digits(text):
        ticket = before[row["service_request_id"]]
        for theirs, ours in (("lat", "lat"), ("long", "lon")):
            written = row[theirs][1]
            expect(float(written) == float(ticket[ours][1]) or written in (ticket.get("extra") or ""),
                   row["service_request_id"], theirs, written, ticket)
    for number in numbers:
        tablet.do("note", number, "looked at")
    open_ones = [one["number"] for one in tablet.list() if one["number"] in numbers and one["status"] == "assigned"]
    expect(open_ones, "one is open")
    for number in open_ones:
        tablet.do("status", number, "in_progress")
    result = tablet.sync()
    equal([result["pending"], result["conflicts"]], [0, 0])
    tablet.agrees()
    for number in numbers:
        after, here = raw_ticket(hub, number), digits(tablet.do("show", number, "--json").out)
        for view in (after, here):
            for key in ("extra", "crm", "lat", "lon", "answers"):
                equal(list(leaves(view.get(key))), list(leaves(before[number].get(key))), number)
        equal(own(after, tablet.device)[0]["data"]["text"], "looked at")
    again = hub.do("import", "open311", file, "--crew", "roads-1").out
    expect("0 entities added" in again, again)
    for number in open_ones:
        equal(hub.ticket(number)["status"], "in_progress", "our work stays")


@test
def numbers_of_every_form_keep_their_digits(folder):
    hub = Hub(f"{folder}/hub")
    odd = {"big": "12345678901234567890", "small": "1e-300", "point": "1.10", "exponent": "1E5", "zero": "-0.0",
           "long": "0.1000000000000000055511151231257827"}
    row = ('{"service_request_id": "odd-1", "status": "open", "service_code": "odd", "service_name": "Odd", '
           '"requested_datetime": "2025-01-01T00:00:00Z", "lat": 31.25, "long": 34.6, "extended_attributes": {'
           + ", ".join(f'"{key}": {value}' for key, value in odd.items()) + "}}")
    path = f"{folder}/odd.json"
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"[{row}]")
    hub.do("import", "open311", path, "--crew", "roads-1")
    hub.start()
    tablet = hub.tablet("tablet")
    tablet.do("note", "odd-1", "looked at")
    tablet.do("status", "odd-1", "in_progress")
    tablet.sync()
    tablet.agrees()
    for text in (hub.do("ticket", "odd-1", "--json").out, tablet.do("show", "odd-1", "--json").out):
        for value in odd.values():
            expect(value in text, value, "in", text)


def bad_files(folder):
    list_ = b'[{"service_request_id": "1", "status": "open", "service_code": "a"}]'
    for name, content in (("empty.json", b""), ("cut.json", list_[:40]), ("text.json", "לא רשימה".encode()),
                          ("renamed.json", harness.sample_photo.make(1, 64, 48)), ("object.json", b'{"a": 1}'),
                          ("nul.json", list_[:20] + b"\0" + list_[20:]), ("deep.json", b"[" * 100000)):
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(content)
        yield path
    os.mkdir(os.path.join(folder, "folder.json"))
    os.mkfifo(os.path.join(folder, "fifo.json"))
    yield from (os.path.join(folder, name) for name in ("folder.json", "fifo.json", "nowhere.json"))


@test
def what_is_no_list_of_requests_gets_one_clear_line(folder):
    hub = Hub(f"{folder}/hub")
    before = hub.do("crews", "--json").out
    for path in bad_files(folder):
        done = run(harness.hub_program, "import", "open311", path, "--data", hub.folder, status=1)
        refused(done, os.path.basename(path))
        equal(done.out, "")
    equal(hub.do("crews", "--json").out, before)
    hub.start()
    hub.tablet("tablet").agrees()


main()
