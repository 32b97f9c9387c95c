"""The mirror against rsync -a, rsync -a --link-dest and cp -a.

Every run is timed through `sync -f` on a freshly made, journaled ext4 loop image: a file system on which many files were
just deleted creates files several times slower, and a run that leaves its data in memory has not made a backup. Runs
alternate with the peers; the table shows medians.
"""
import argparse, os, random, resource, shutil, statistics, subprocess, sys, time

parser = argparse.ArgumentParser()
parser.add_argument("holdfast")
parser.add_argument("--runs", type=int, default=3)
parser.add_argument("--sets", default="small,large,tiny", help="small: /usr/share, large: 600 files of 5 MiB, tiny: 200,000 files")
parser.add_argument("--data", default="/var/tmp/holdfast-bench", help="where data sets and images are made")
parser.add_argument("--million", action="store_true", help="also peak memory at 1,000,000 files")
args = parser.parse_args()

data, mount = args.data, args.data + "/mnt"
os.makedirs(mount, exist_ok=True)
holdfast = os.path.realpath(args.holdfast)


def sh(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)


def make_small(path):
    sh("cp", "-a", "/usr/share", path)


def make_large(path):
    os.makedirs(path)
    for i in range(600):
        with open(f"{path}/{i:03}.bin", "wb") as f:
            f.write(os.urandom(5 << 20))


def make_tiny(path, count=200_000):
    for i in range(count):
        folder = f"{path}/{i // 1000:04}"
        if i % 1000 == 0:
            os.makedirs(folder)
        with open(f"{folder}/{i:07}.txt", "wb") as f:
            f.write(b"%d\n" % i * (1 + i % 50))


def data_set(name):
    path = f"{data}/{name}"
    if not os.path.exists(path):
        print(f"making the data set '{name}' ...", file=sys.stderr)
        part = path + ".part"
        shutil.rmtree(part, ignore_errors=True)
        {"small": make_small, "large": make_large, "tiny": make_tiny, "million": lambda p: make_tiny(p, 1_000_000)}[name](part)
        os.rename(part, path)
        sh("sync", "-f", data)
    return path


class Image:
    def __enter__(self):
        self.file = data + "/image"
        subprocess.run(["umount", mount], stderr=subprocess.DEVNULL)
        if os.path.exists(self.file):
            os.remove(self.file)
        sh("truncate", "-s", "24G", self.file)
        sh("mkfs.ext4", "-q", "-N", "6000000", "-E", "lazy_itable_init=0,lazy_journal_init=0", self.file)
        sh("mount", "-o", "loop", self.file, mount)
        shutil.rmtree(data + "/state", ignore_errors=True)
        os.sync()
        return self

    def __exit__(self, *_):
        sh("umount", mount)
        os.remove(self.file)


def timed(*command):
    """Seconds until the command's data is durable."""
    started = time.perf_counter()
    sh(*command)
    sh("sync", "-f", mount)
    return time.perf_counter() - started


def ours(source):
    return (holdfast, "-q", "backup", source, "--to", f"mirror:{mount}/ours", "--state", data + "/state")


def peak_memory(command):
    """MB of the largest process the command started."""
    child = os.fork()
    if child == 0:
        sh(*command)
        os._exit(min(255, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 4096))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) * 4


def change(source, share, seed):
    """Rewrites a share of the files in place, as editors that keep the inode do."""
    files = [os.path.join(d, f) for d, _, names in os.walk(source) for f in names]
    files = [f for f in files if os.path.isfile(f) and not os.path.islink(f)]
    for path in random.Random(seed).sample(sorted(files), max(1, int(len(files) * share))):
        with open(path, "r+b") as f:
            f.seek(0, 2)
            f.write(b"changed\n")


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

cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?")
print(f"{os.cpu_count()} x {cpu}, {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') >> 30} GiB, Linux {os.uname().release}, load {os.getloadavg()[0]:.2f} at the start, medians of {args.runs}")
print("\n| data | run | holdfast | peer | seconds | ratio | goal |\n|---|---|---|---|---|---|---|")
for name in args.sets.split(","):
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
print(f"\nload {os.getloadavg()[0]:.2f} at the end")
