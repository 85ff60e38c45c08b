# SPDX-License-Identifier: GPL-3.0-or-later
"""test_tus_server.py HUB CTL BUILD_FOLDER: our tablet's uploads to @tus/server (npm), which knows no checksums. Without node,
npm or a registry it is skipped."""
import hashlib
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "main_job"))
sys.dont_write_bytecode = True

from harness import Hub, Skip, Tablet, equal, expect, listening, main, picture, test, to_work_on, wait_until  # noqa: E402

work = os.path.join(sys.argv.pop(3), "tus-server")


def prepare():
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise Skip(f"{program} is not installed")
    os.makedirs(work, exist_ok=True)
    for name in ("package.json", "server.cjs"):
        shutil.copy(os.path.join(HERE, name), work)
    if not os.path.exists(os.path.join(work, "node_modules", "@tus", "server")):
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"],
                              cwd=work, capture_output=True, check=False)
        if done.returncode != 0:
            raise Skip("@tus/server cannot be installed")


def hashes(folder):
    found = []
    for name in os.listdir(folder):
        if not name.endswith(".json"):
            with open(os.path.join(folder, name), "rb") as file:
                found.append(hashlib.sha256(file.read()).hexdigest())
    return sorted(found)


@test
def photos_go_to_a_server_that_is_not_ours(folder):
    prepare()
    hub = Hub(f"{folder}/hub").start()
    taken = f"{folder}/taken"
    os.mkdir(taken)
    node = subprocess.Popen(["node", os.path.join(work, "server.cjs"), hub.url, taken], stdout=subprocess.PIPE,
                            stdin=subprocess.DEVNULL)
    try:
        url = listening(node)
        tablet = Tablet(f"{folder}/tablet")
        tablet.do("enrol", url, hub.do("enrol", "--crew", "roads-1").out.strip())
        tablet.sync()
        ticket = to_work_on(tablet)
        for seed in range(3):
            tablet.do("photo", ticket, picture(f"{folder}/{seed}.jpg", seed=seed, width=1600, height=1200, noise=4))
        tablet.do("note", ticket, "beside them")
        # A server that still holds an upload whose link has broken may take longer than a sync is patient.
        wait_until(lambda: tablet.do("sync", "--json", status=None).json()["pending"] == 0, "all is uploaded")
        wanted = [hash for photo in tablet.show(ticket)["photos"] if photo["source_sha256"]
                  for hash in (photo["sha256"], photo["thumb_sha256"]) if hash]
        equal(len(hashes(taken)), 6, "three photos and their thumbnails")
        equal(sorted(wanted), hashes(taken), "the bytes")
        with open(os.path.join(taken, "broken.json"), encoding="utf-8") as file:
            expect(len(file.read()) >= 3, "the links of three photos have broken in their middle")
    finally:
        node.kill()
        node.wait()


main()
