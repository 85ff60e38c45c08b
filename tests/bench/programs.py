# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benches share: the programs themselves, and how figures are told."""
import json, os, re, shutil, statistics, subprocess


def run(*args):
    return subprocess.run([str(arg) for arg in args], check=True, capture_output=True, text=True).stdout


def spread(values):
    return f"median {statistics.median(values):.1f} (min {min(values):.1f}, max {max(values):.1f}, n {len(values)})"


def serve(argv):
    """Starts a server that says where it listens; gives the process and the address."""
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    return process, re.search(r"http://\S+", process.stdout.readline()).group(0)


def end(process):
    process.terminate()
    process.wait()
    process.stdout.close()


class Hub:
    def __init__(self, hub, ctl, folder, tickets):
        self.hub, self.ctl, self.folder = hub, ctl, folder
        run(hub, "sample", "--data", folder, "--tickets", tickets)
        self.process, self.url = serve([hub, "serve", "--data", folder, "--listen", "127.0.0.1:0"])

    def enrol(self, store, *who, url=None):
        """A new tablet in the folder store, a manager's when nothing else is said; gives its token."""
        shutil.rmtree(store, ignore_errors=True)
        code = run(self.hub, "enrol", "--data", self.folder, *(who or ("--manager",))).strip()
        run(self.ctl, "--store", store, "enrol", url or self.url, code)
        with open(os.path.join(store, "device.json"), encoding="utf-8") as file:
            return json.load(file)["token"]

    def sync(self, store):
        return json.loads(run(self.ctl, "--store", store, "sync", "--json"))

    def close(self):
        end(self.process)
