"""Data sets, and fresh ext4 loop images to try things on. Needs root."""
import os, random, shutil, subprocess, sys, time

data = mount = None


def use(folder):
    """Where data sets and images are made."""
    global data, mount
    data, mount = folder, folder + "/mnt"
    os.makedirs(mount, exist_ok=True)


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
        for file in (self.file, self.file + ".kept"):
            if os.path.exists(file):
                os.remove(file)

    def remount(self):
        """Nothing of it is in memory afterwards."""
        sh("umount", mount)
        with open("/proc/sys/vm/drop_caches", "w") as f:
            f.write("3")
        sh("mount", "-o", "loop", self.file, mount)

    def keep(self):
        """Remembers what is on it."""
        sh("umount", mount)
        sh("cp", "--sparse=always", self.file, self.file + ".kept")
        sh("mount", "-o", "loop", self.file, mount)

    def back(self):
        """As it was when it was kept, and nothing of it in memory."""
        sh("umount", mount)
        sh("cp", "--sparse=always", self.file + ".kept", self.file)
        sh("sync", "-f", data)
        sh("mount", "-o", "loop", self.file, mount)
        with open("/proc/sys/vm/drop_caches", "w") as f:
            f.write("3")


def timed(*command):
    """Seconds until the command's data is durable."""
    started = time.perf_counter()
    sh(*command)
    sh("sync", "-f", mount)
    return time.perf_counter() - started


def change(source, share, seed):
    """Rewrites a share of the files in place, as editors that keep the inode do."""
    files = [os.path.join(d, f) for d, _, names in os.walk(source) for f in names]
    files = [f for f in files if os.path.isfile(f) and not os.path.islink(f)]
    for path in random.Random(seed).sample(sorted(files), max(1, int(len(files) * share))):
        with open(path, "r+b") as f:
            f.seek(0, 2)
            f.write(b"changed\n")


def machine(runs):
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 30
    return f"{os.cpu_count()} x {cpu}, {memory} GiB, Linux {os.uname().release}, load {os.getloadavg()[0]:.2f} at the start, medians of {runs}"
