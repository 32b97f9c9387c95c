"""The mirror against rsync -a, rsync -a --link-dest and cp -a.

Every run is timed through `sync -f` on a freshly made, journaled ext4 loop image: a file system on which many files were
just deleted creates files several times slower, and a run that leaves its data in memory has not made a backup. Runs
alternate with the peers; the table shows medians.
"""
import argparse, os, resource, shutil, statistics

import images
import mirror_history
from images import Image, change, data_set, sh, timed

parser = argparse.ArgumentParser()
parser.add_argument("holdfast")
parser.add_argument("--runs", type=int, default=3)
parser.add_argument("--sets", default="small,large,tiny", help="small: /usr/share, large: 600 files of 5 MiB, tiny: 200,000 files")
parser.add_argument("--data", default="/var/tmp/holdfast-bench", help="where data sets and images are made")
parser.add_argument("--million", action="store_true", help="also peak memory at 1,000,000 files")
parser.add_argument("--history", action="store_true", help="also forget, check --read-data and find")
parser.add_argument("--snapshots", type=int, default=50, help="how many find looks through, of 1,000,000 files each")
args = parser.parse_args()

images.use(args.data)
data, mount = images.data, images.mount
holdfast = os.path.realpath(args.holdfast)


def ours(source):
    return (holdfast, "-q", "backup", source, "--to", f"mirror:{mount}/ours", "--state", data + "/state")


def peak_memory(command):
    """MB of the largest process the command started."""
    child = os.fork()
    if child == 0:
        sh(*command)
        os._exit(min(255, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 4096))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) * 4


def measure_first(source, times):
    for peer in ("rsync -a", "cp -a", "holdfast"):
        with Image():
            command = {"rsync -a": ("rsync", "-a", source + "/", mount + "/copy/"), "cp -a": ("cp", "-a", source, mount + "/copy"), "holdfast": ours(source)}[peer]
            times.setdefault(("first", peer), []).append(timed(*command))


def measure_later(source, times, seed):
    work = data + "/work"
    shutil.rmtree(work, ignore_errors=True)
    sh("cp", "-a", source, work)
    sh("sync", "-f", data)
    with Image():
        sh("rsync", "-a", work + "/", mount + "/copy/")
        sh(*ours(work))
        os.sync()
        for _ in range(2):  # the second of two, so that both find everything in memory
            rsync, mine = timed("rsync", "-a", work + "/", mount + "/copy/"), timed(*ours(work))
        times.setdefault(("unchanged", "rsync -a"), []).append(rsync)
        times.setdefault(("unchanged", "holdfast"), []).append(mine)
        change(work, 0.01, seed)
        os.sync()
        times.setdefault(("1 % changed", "rsync --link-dest"), []).append(timed("rsync", "-a", f"--link-dest={mount}/copy/", work + "/", mount + "/next/"))
        times.setdefault(("1 % changed", "holdfast"), []).append(timed(*ours(work)))
    shutil.rmtree(work)


GOALS = {("small", "first"): 0.65, ("large", "first"): 0.5, "unchanged": 1.0, "1 % changed": 0.3}

print(images.machine(args.runs))
print("\n| data | run | holdfast | peer | seconds | ratio | goal |\n|---|---|---|---|---|---|---|")
for name in filter(None, args.sets.split(",")):
    source, times = data_set(name), {}
    for i in range(args.runs):
        measure_first(source, times)
        measure_later(source, times, i)
    for (run, peer), seconds in times.items():
        if peer == "holdfast":
            continue
        mine, theirs = statistics.median(times[(run, "holdfast")]), statistics.median(seconds)
        goal = GOALS.get((name, run), GOALS.get(run)) if peer != "cp -a" else None
        print(f"| {name} | {run} | {mine:.2f} | {peer} | {theirs:.2f} | **{mine / theirs:.2f}** | {'≤ %.2f' % goal if goal else ''} |", flush=True)

if args.million:
    source = data_set("million")
    with Image():
        first, second = peak_memory(ours(source)), peak_memory(ours(source))
        print(f"\npeak memory at 1,000,000 files: {first} MB first, {second} MB unchanged (goal ≤ 200 MB)")
if args.history:
    mirror_history.measure(holdfast, ours, args.runs, args.snapshots)
print(f"\nload {os.getloadavg()[0]:.2f} at the end")
