"""Uploads over loopback: holdfast push to its server, rclone copy to `rclone serve webdav`, rsync to its daemon.

Every run is timed through `sync -f` on a freshly made, journaled ext4 loop image on which the server keeps what it gets. Runs
alternate; the table shows medians of the wall time, and of the processor seconds of client and server together: on a machine
with other work to do only the latter say anything.
"""
import argparse, contextlib, os, resource, socket, statistics, subprocess, time

import images
from images import Image, data_set, machine, sh

parser = argparse.ArgumentParser()
parser.add_argument("holdfast")
parser.add_argument("--runs", type=int, default=3)
parser.add_argument("--set", default="large", help="large: 600 files of 5 MiB")
parser.add_argument("--data", default="/var/tmp/holdfast-bench", help="where data sets and images are made")
args = parser.parse_args()

images.use(args.data)
data, mount = images.data, images.mount
holdfast = os.path.realpath(args.holdfast)
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def server(*command, port):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        else:
            raise SystemExit(f"{command[0]} does not listen")
        yield process
    finally:
        process.terminate()
        process.wait()


def processor_seconds(pid):
    """Of a process and those it started and waited for; children that still run are added one by one."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        with contextlib.suppress(OSError):
            fields = open(f"/proc/{one}/stat").read().rsplit(")", 1)[1].split()
            total += sum(int(f) for f in fields[11:15])
            waiting += map(int, open(f"/proc/{one}/task/{one}/children").read().split())
    return total / TICKS


def measured(process, *command):
    """Wall and processor seconds until the server's data is durable."""
    served, mine = processor_seconds(process.pid), resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    sh(*command, stderr=subprocess.DEVNULL)
    sh("sync", "-f", mount)
    wall = time.perf_counter() - started
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, now.ru_utime + now.ru_stime - mine.ru_utime - mine.ru_stime + processor_seconds(process.pid) - served


def ours(source):
    port, library, config = free_port(), mount + "/library", data + "/server.yaml"
    with open(config, "w") as f:
        f.write(f'client: server\njobs:\n  all: {{from: {source}, to: "library:{library}", mode: upload}}\n')
    sh(holdfast, "init", "all", "--config", config, "--state", data + "/state")
    token = subprocess.run((holdfast, "token", "add", "bench", "--library", library), check=True, capture_output=True, text=True).stdout
    with open(data + "/token", "w") as f:
        f.write(token)
    push = (holdfast, "-q", "push", f"http://127.0.0.1:{port}", source, "--token-file", data + "/token", "--state", data + "/state")
    with server(holdfast, "serve", "--library", library, "--listen", f"127.0.0.1:{port}", "--state", data + "/state", port=port) as process:
        return measured(process, *push), measured(process, *push)


def rclone(source):
    port = free_port()
    os.makedirs(mount + "/webdav")
    copy = ("rclone", "copy", "--config", "/dev/null", source, ":webdav:", "--webdav-url", f"http://127.0.0.1:{port}", "--webdav-vendor", "other")
    with server("rclone", "serve", "webdav", "--config", "/dev/null", mount + "/webdav", "--addr", f"127.0.0.1:{port}", port=port) as process:
        return measured(process, *copy), measured(process, *copy)


def rsync(source):
    port, config = free_port(), data + "/rsyncd.conf"
    os.makedirs(mount + "/rsync")
    with open(config, "w") as f:
        f.write(f"use chroot = no\nuid = root\ngid = root\n[copy]\npath = {mount}/rsync\nread only = no\n")
    copy = ("rsync", "-a", source + "/", f"rsync://127.0.0.1:{port}/copy/")
    with server("rsync", "--daemon", "--no-detach", "--address=127.0.0.1", f"--port={port}", f"--config={config}", port=port) as process:
        return measured(process, *copy), measured(process, *copy)


print(machine(args.runs))
source, times = data_set(args.set), {}
for _ in range(args.runs):
    for name, run in (("rsync", rsync), ("rclone", rclone), ("holdfast", ours)):
        with Image():
            for what, seconds in zip(("first", "nothing to send"), run(source)):
                times.setdefault((what, name), []).append(seconds)

print("\n| run | holdfast | processor | peer | seconds | processor | ratio | processor ratio | goal |\n|---|---|---|---|---|---|---|---|---|")
for (what, peer), figures in sorted(times.items()):
    if peer == "holdfast":
        continue
    (wall, cpu), (theirs, their_cpu) = ([statistics.median(f[i] for f in of) for i in (0, 1)] for of in (times[(what, "holdfast")], figures))
    print(f"| {what} | {wall:.2f} | {cpu:.2f} | {peer} | {theirs:.2f} | {their_cpu:.2f} | **{wall / theirs:.2f}** | {cpu / their_cpu:.2f} | ≤ {0.8 if what == 'first' else 1.0:.2f} of the faster |")
print(f"\nload {os.getloadavg()[0]:.2f} at the end")
