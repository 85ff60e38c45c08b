# SPDX-License-Identifier: GPL-3.0-or-later
"""What a link does to a sync: cut, stalled, truncated, corrupted and doubled at chosen bytes, plain and by TLS with nginx in
front; slow, and broken again and again."""
import itertools
import os
import shutil
import subprocess
import sys
import time

import points  # first: it knows where the harness lies
from shift import marks_of, opened, point_at

import harness
from harness import FIRST_CHUNK, Hub, Skip, Tablet, equal, expect, main, own, picture, test, to_work_on, wait_until
from proxy import Link, Proxy, at_byte, corrupt, cut, Stall, truncate

LONG = points.main(sys.argv) > 10
# What a second chunk carries on a good link.
CHUNK = 2 * FIRST_CHUNK
# Bytes of a sync at which something happens: in the first request, in a push, in the chunks of a photo.
UP_AT = (40, 900, 2500, 60000, CHUNK, CHUNK + 60000)
DOWN_AT = (30, 400, 1500, 3000)
PHOTOS = 24  # in a half shift
seeds = itertools.count()


def site(folder, link=None, crew="roads-1"):
    hub = Hub(f"{folder}/hub").start()
    proxy = Proxy(hub.port, link)
    tablet = hub.tablet("tablet", crew)
    point_at(tablet, proxy.url)
    return hub, proxy, tablet


def work(tablet, ticket, name, folder):
    """A little of each kind; returns the marks by which it is known again."""
    tablet.do("note", ticket, f"note {name}")
    tablet.do("status", ticket, "waiting" if tablet.show(ticket)["status"] == "in_progress" else "in_progress", "--reason",
              f"status {name}")
    seed = next(seeds)  # a picture that hangs there already would not be taken in
    tablet.do("photo", ticket, picture(f"{folder}/{seed}.jpg", seed=seed, width=1200, height=900, noise=4), "--caption",
              f"photo {name}")
    return [f"note {name}", f"status {name}", f"photo {name}"]


def sync_until_done(tablet, limit=20):
    """Syncs, as often as one gives up; a tablet that is in the field does the same by itself."""
    for _ in range(limit):
        done = tablet.do("sync", "--json", status=None)
        if done.status == 0:
            return done.json()
    raise AssertionError(str(done))


def check(hub, tablet, ticket, marks):
    equal(sync_until_done(tablet)["pending"], 0)
    tablet.agrees()
    there = hub.ticket(ticket)
    equal(sorted(mark for mark in marks_of(own(there, tablet.device)) if mark), sorted(marks), "each once")
    expect(all(photo["state"] == "confirmed" for photo in there["photos"]), there["photos"])
    expect(", 0 faults" in hub.do("check").out)


def at_bytes(folder, deed, ups=UP_AT, downs=DOWN_AT):
    hub, proxy, tablet = site(folder)
    ticket, marks = to_work_on(tablet), []
    for up, n in [(True, n) for n in ups] + [(False, n) for n in downs]:
        marks += work(tablet, ticket, f"{up} {n}", folder)
        proxy.on_bytes = at_byte(n, up, deed)
        sync_until_done(tablet)
        expect(proxy.on_bytes.has_happened(), "it never came to byte", n)
    check(hub, tablet, ticket, marks)
    proxy.close()


@test
def cut_at_chosen_bytes(folder):
    at_bytes(folder, cut)


@test
def truncated_at_chosen_bytes(folder):
    at_bytes(folder, truncate)


@test
def a_photo_corrupted_on_the_way_is_sent_again(folder):
    at_bytes(folder, corrupt, ups=(CHUNK // 2, CHUNK + 60000), downs=())


@test
def an_answer_corrupted_on_the_way_harms_nothing(folder):
    at_bytes(folder, corrupt, ups=(), downs=DOWN_AT)


@test
def a_link_that_falls_silent_is_given_up_and_nothing_is_lost(folder):
    hub, proxy, tablet = site(folder)
    ticket = to_work_on(tablet)
    marks = work(tablet, ticket, "silent", folder)
    stall = Stall()
    proxy.on_bytes = at_byte(100000, True, stall)
    process = tablet.start("sync", "--json", "--timeout", "1")
    harness.finish(process, status=1)
    expect(proxy.on_bytes.has_happened())
    stall.let_go.set()
    check(hub, tablet, ticket, marks)
    proxy.close()


@test
def trap_20_a_chunk_that_came_twice_does_not_wedge_its_upload(folder):
    hub, proxy, tablet = site(folder)
    ticket = to_work_on(tablet)
    marks = work(tablet, ticket, "twice", folder)
    doubled = []

    def doubles(method, path):
        doubled.append(method)
        return method in ("PATCH", "POST")

    proxy.doubles = doubles
    equal(sync_until_done(tablet)["pending"], 0)
    expect(doubled.count("PATCH") >= 2 and doubled.count("POST") >= 2, doubled)
    check(hub, tablet, ticket, marks)
    proxy.close()


@test
def trap_20_the_lock_of_a_dropped_patch_does_not_stay(folder):
    """The connection of a chunk stands still, half sent; the tablet comes again on another."""
    hub, proxy, tablet = site(folder)
    ticket = to_work_on(tablet)
    marks = work(tablet, ticket, "dropped", folder)
    stall = Stall()
    proxy.on_bytes = at_byte(CHUNK // 2, True, stall)
    harness.finish(tablet.start("sync", "--timeout", "1"), status=1)
    expect(proxy.on_bytes.has_happened())
    # The hub still waits for the rest of it there.
    equal(tablet.sync()["pending"], 0)
    stall.let_go.set()
    check(hub, tablet, ticket, marks)
    proxy.close()


@test
def a_half_shift_on_a_link_that_breaks_again_and_again(folder):
    link = Link(rate=(250 if LONG else 1500) * 1000, break_bytes=3 * 1024 * 1024, break_seconds=20)
    hub, proxy, tablet = site(folder, link)
    tickets = to_work_on(tablet, 4)
    for i in range(PHOTOS):
        tablet.do("note", tickets[i % 4], f"note {i}")
        tablet.do("photo", tickets[i % 4], picture(f"{folder}/{i}.jpg", seed=i, width=1600, height=1200, noise=4))
    with opened(f"{tablet.folder}/store.db") as db:
        sizes = db.execute("SELECT sum(size) FROM blob").fetchone()[0]
    result = sync_until_done(tablet)
    equal(result["pending"], 0)
    sent = sum(n for (method, _), n in proxy.body_bytes.items() if method == "PATCH")
    print(f"# {sizes} bytes of photos and thumbnails, {sent - sizes} sent again: {100 * (sent - sizes) / sizes:.1f} %, the link broke {link.era}"
          f" times")
    expect(link.era >= 3, "breaks:", link.era)
    expect(sent - sizes < sizes * 5 // 100, "sent again:", sent - sizes, "of", sizes)
    tablet.agrees()
    expect(hub.do("check").out.startswith(f"{PHOTOS} photos re-hashed, 0 faults"))
    proxy.close()


@test
def a_status_goes_before_the_photos_that_wait(folder):
    """2 Mbit/s and a tenth of a second each way. What is asserted are bytes; the time is printed."""
    hub, proxy, tablet = site(folder, Link(rate=250 * 1000, delay=0.1))
    tickets = to_work_on(tablet, 2)
    for i in range(6):
        tablet.do("photo", tickets[0], picture(f"{folder}/{i}.jpg", seed=i, width=1600, height=1200, noise=4))
    tablet.do("status", tickets[1], "in_progress")
    contact = time.monotonic()
    process = tablet.start("sync")
    wait_until(lambda: hub_says(hub, tickets[1]) == "in_progress", "the status is at the hub")
    at_contact = time.monotonic() - contact
    wait_until(lambda: is_confirmed(tablet, tickets[1]), "the status is confirmed")
    confirmed, before = time.monotonic() - contact, sum(proxy.body_bytes.values())
    # and another, while a photo is on its way
    wait_until(lambda: sum(proxy.body_bytes.values()) > before + 3 * CHUNK // 2, "photos are on their way")
    asked = time.monotonic()
    tablet.do("status", tickets[1], "waiting")
    before = sum(proxy.body_bytes.values())
    wait_until(lambda: is_confirmed(tablet, tickets[1]), "the second is confirmed")
    later, between = time.monotonic() - asked, sum(proxy.body_bytes.values()) - before
    print(f"# at the hub after {at_contact:.2f} s of contact, confirmed after {confirmed:.2f} s; in the middle of photos after "
          f"{later:.2f} s, {between} bytes of all kinds in between")
    expect(between < 3 * CHUNK, "it waited behind", between, "bytes")
    process.kill()
    harness.finish(process, status=-9)
    proxy.close()


def hub_says(hub, ticket):
    with opened(f"{hub.folder}/hub.db") as db:
        return db.execute("SELECT doc ->> 'status' FROM entity WHERE type = 'ticket' AND id = ?", [ticket]).fetchone()[0]


def is_confirmed(tablet, ticket):
    with opened(f"{tablet.folder}/store.db") as db:
        return db.execute("SELECT count(*) FROM op WHERE entity = ? AND state < 2", [ticket]).fetchone()[0] == 0


NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.err;
events {{ worker_connections 256; }}
http {{
  access_log off; client_max_body_size 1m; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {folder}/hub.crt; ssl_certificate_key {folder}/hub.key;
    location / {{ proxy_pass http://127.0.0.1:{behind}; proxy_http_version 1.1; proxy_request_buffering off;
      proxy_buffering off; proxy_read_timeout 90s; proxy_set_header Host $host; proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $remote_addr; }}
  }}
}}
"""


class TrustingTablet(Tablet):
    """Its machine trusts the town's own authority, which is put where Debian keeps all of them, for this program alone."""

    authority = None

    def argv(self, *words):
        return ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/ssl/certs/ca-certificates.crt && exec "$@"',
                self.authority, *super().argv(*words)]


def certify(folder):
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=A town's authority", "-days", "2")
    openssl("req", *new, "-keyout", "hub.key", "-out", "hub.csr", "-subj", "/CN=hub")
    with open(f"{folder}/san", "w", encoding="ascii") as file:
        file.write("subjectAltName=IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "hub.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-days", "2", "-extfile", "san", "-out",
            "hub.crt")


class Nginx:
    """In front of a hub, with TLS. It cannot be asked to choose its port, so that a free one is found for it."""

    def __init__(self, folder, behind):
        self.folder, self.errors = folder, None
        certify(folder)
        for _ in range(5):
            probe = Proxy(behind)
            self.port = probe.port
            probe.close()
            with open(f"{folder}/nginx.conf", "w", encoding="ascii") as file:
                file.write(NGINX.format(folder=folder, port=self.port, behind=behind))
            self.process = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf", "-e", f"{folder}/nginx.err"],
                                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            wait_until(lambda: self.process.poll() is not None or self.answers(), "nginx listens")
            if self.process.poll() is None:
                return
        raise AssertionError("nginx does not start")

    def answers(self):
        return subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def stop(self):
        self.process.terminate()
        self.process.wait(harness.TIME_LIMIT)


@test
def by_tls_and_nginx_the_link_cut_and_corrupted(folder):
    if os.geteuid() != 0 or shutil.which("nginx") is None:
        raise Skip("needs root and nginx")
    hub = Hub(f"{folder}/hub").start()
    nginx = Nginx(folder, hub.port)
    try:
        proxy = Proxy(nginx.port, opaque=True)
        url = proxy.url.replace("http:", "https:")
        stranger = Tablet(f"{folder}/stranger")
        expect("cannot be reached" in stranger.do("enrol", url, hub.code("--crew", "roads-1"), status=1).err)
        tablet = TrustingTablet(f"{folder}/tablet")
        tablet.authority = f"{folder}/ca.crt"
        tablet.do("enrol", url, hub.code("--crew", "roads-1"))
        tablet.sync()
        ticket, marks = to_work_on(tablet), []
        for deed, up, n in [(cut, True, 1200), (cut, True, CHUNK), (truncate, True, 5000), (corrupt, True, 100000),
                            (cut, False, 900), (truncate, False, 3000), (corrupt, False, 3000)]:
            marks += work(tablet, ticket, f"{deed.__name__} {up} {n}", folder)
            proxy.on_bytes = at_byte(n, up, deed)
            sync_until_done(tablet)
            expect(proxy.on_bytes.has_happened(), "it never came to byte", n)
        check(hub, tablet, ticket, marks)
        proxy.close()
    finally:
        nginx.stop()


main()
