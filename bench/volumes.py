"""Volumes against tar | zstd -3 -T0, tar | xz -T0 | gpg, and tar --listed-incremental.

Every run is timed until its archive is durable, and alternates with the peer; the table shows medians. Ours also reads
every volume back past the page cache before it gets its name; how long that took it says itself, so that both figures come
from one run.
"""
import argparse, os, random, re, resource, shutil, statistics, subprocess, sys, time

parser = argparse.ArgumentParser()
parser.add_argument("holdfast")
parser.add_argument("--runs", type=int, default=3)
parser.add_argument("--sets", default="share,large,tiny", help="share: /usr/share, large: 200 files of 5 MiB, tiny: 30,000 files of up to 6 kB, xz: 100 MB of /usr/share with xz and gpg")
parser.add_argument("--data", default="/var/tmp/holdfast-bench-volumes", help="where data sets and volumes are made")
parser.add_argument("--million", action="store_true", help="also peak memory at 1,000,000 files")
args = parser.parse_args()

data = args.data
holdfast = os.path.realpath(args.holdfast)
os.makedirs(data, exist_ok=True)
os.environ["GNUPGHOME"] = data + "/gnupg"
os.makedirs(data + "/gnupg", mode=0o700, exist_ok=True)


def sh(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, **options).stdout.decode()


def make_share(path):
    sh("cp", "-a", "/usr/share", path)


def make_xz(path):
    """The first 100 MB of /usr/share, in the order of their names."""
    bytes_left = 100_000_000
    for folder, folders, names in os.walk("/usr/share"):
        folders.sort()
        for name in sorted(names):
            file = os.path.join(folder, name)
            if os.path.isfile(file) and not os.path.islink(file) and bytes_left > 0:
                bytes_left -= os.path.getsize(file)
                os.makedirs(path + folder, exist_ok=True)
                shutil.copy2(file, path + file)


def make_large(path):
    os.makedirs(path)
    for i in range(200):
        with open(f"{path}/{i:03}.bin", "wb") as f:
            f.write(os.urandom(5 << 20))


def make_tiny(path, count=30_000, most=6000):
    r = random.Random(3)
    words = [bytes(r.choice(b"abcdefghijklmnopqrstuvwxyz") for _ in range(r.randint(2, 9))) for _ in range(3000)]
    for i in range(count):
        if i % 1000 == 0:
            os.makedirs(f"{path}/{i // 1000:04}")
        with open(f"{path}/{i // 1000:04}/{i:07}.txt", "wb") as f:
            f.write(b" ".join(r.choices(words, k=r.randint(1, most // 6))))


def data_set(name):
    path = f"{data}/{name}"
    if not os.path.exists(path):
        print(f"making the data set '{name}' ...", file=sys.stderr)
        part = path + ".part"
        shutil.rmtree(part, ignore_errors=True)
        {"share": make_share, "xz": make_xz, "large": make_large, "tiny": make_tiny, "million": lambda p: make_tiny(p, 1_000_000, 60)}[name](part)
        os.rename(part, path)
        sh("sync", "-f", data)
    return path


def fresh():
    for name in ("place", "state", "peer"):
        shutil.rmtree(f"{data}/{name}", ignore_errors=True)
    os.makedirs(data + "/peer")
    with open(data + "/passphrase", "w", opener=lambda p, f: os.open(p, f, 0o600)) as f:
        f.write("correct horse battery staple\n")
    sh("sync", "-f", data)


def timed(*command):
    """Seconds until what the command wrote is durable, and what it said."""
    started = time.perf_counter()
    said = sh(*command)
    sh("sync", "-f", data)
    return time.perf_counter() - started, said


def ours(source, *options):
    return (holdfast, "backup", source, "--to", f"volumes:{data}/place", "--state", data + "/state", *options)


def pipe(command):
    return ("bash", "-o", "pipefail", "-c", command)


def tar_zstd(source):
    return pipe(f"tar -C '{source}' -cf - . | zstd -q -3 -T0 -o {data}/peer/a.tar.zst")


def tar_xz_gpg(source):
    return pipe(
        f"tar -C '{source}' -cf - . | xz -T0 | gpg --symmetric --cipher-algo AES256 --compress-algo none --batch --pinentry-mode loopback "
        f"--passphrase-file {data}/passphrase -o {data}/peer/a.tar.xz.gpg"
    )


def read_back(said):
    return float(re.search(r"read back: +([\d.]+) s", said)[1])


def after_the_incremental_part(said):
    """Seconds of the cyclic part, of the index of every path, and of reading back: tar has none of it."""
    return float(re.search(r"cyclic: .* in ([\d.]+) s", said)[1]) + float(re.search(r"closing: +([\d.]+) s", said)[1])


def measure_first(source, times, peer_name, peer, *options):
    for who in ("peer", "ours"):  # the peer warms the page cache
        fresh()
        if who == "peer":
            times.setdefault(("first", peer_name), []).append(timed(*peer(source))[0])
            continue
        whole, said = timed(*ours(source, *options))
        times.setdefault(("first, before the volume is read back", peer_name, "ours"), []).append(whole - read_back(said))
        times.setdefault(("first, whole", peer_name, "ours"), []).append(whole)


def measure_unchanged(source, times):
    """With a `split` so large that next to nothing is saved again: the incremental part alone."""
    fresh()
    sh(*ours(source, "--split", "100000"))
    sh("tar", "-C", source, "-cf", "/dev/null", "-g", data + "/peer/snapshot", ".")
    for _ in range(2):  # the second of two, so that both find everything in memory
        peer = timed("tar", "-C", source, "-cf", "/dev/null", "-g", data + "/peer/snapshot", ".")[0]
        mine, said = timed(*ours(source, "--split", "100000"))
    times.setdefault(("unchanged", "tar --listed-incremental"), []).append(peer)
    times.setdefault(("unchanged, its incremental part", "tar --listed-incremental", "ours"), []).append(mine - after_the_incremental_part(said))
    times.setdefault(("unchanged", "tar --listed-incremental", "ours"), []).append(mine)


def peak_memory(command):
    """MB of the largest process the command started."""
    child = os.fork()
    if child == 0:
        sh(*command)
        os._exit(min(255, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 4096))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) * 4


GOALS = {"first, before the volume is read back": 1.15, "first, whole": 1.6, "unchanged, its incremental part": 1.0, "unchanged": 1.0}

cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?")
print(f"{os.cpu_count()} x {cpu}, {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') >> 30} GiB, Linux {os.uname().release}, load {os.getloadavg()[0]:.2f} at the start, medians of {args.runs}")
print("\n| data | run | holdfast | peer | seconds | ratio | goal |\n|---|---|---|---|---|---|---|")
for name in args.sets.split(","):
    source, times = data_set(name), {}
    for _ in range(args.runs):
        if name == "xz":
            measure_first(source, times, "tar, xz -T0, gpg", tar_xz_gpg, "--compress", "xz", "--gpg-passphrase-file", data + "/passphrase")
        else:
            measure_first(source, times, "tar, zstd -3 -T0", tar_zstd)
            measure_unchanged(source, times)
    for (run, peer, *ours_key), seconds in times.items():
        if not ours_key:
            continue
        mine, theirs = statistics.median(seconds), statistics.median(times[(run.split(",")[0], peer)])
        print(f"| {name} | {run} | {mine:.2f} | {peer} | {theirs:.2f} | **{mine / theirs:.2f}** | ≤ {GOALS[run]:.2f} |", flush=True)

if args.million:
    source = data_set("million")
    fresh()
    first, second = peak_memory(ours(source)), peak_memory(ours(source))
    print(f"\npeak memory at 1,000,000 files: {first} MB first, {second} MB second (goal ≤ 200 MB)")
print(f"\nload {os.getloadavg()[0]:.2f} at the end")
fresh()
