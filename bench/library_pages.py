"""A library of many small files behind its server: the missing check of 200,000 known hashes, and pages of its list.

usage: bench/run library-pages [--files N] [--under DIR]
"""
import argparse, hashlib, json, os, shutil, signal, socket, statistics, subprocess, sys, tempfile, time, urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("holdfast")
parser.add_argument("--files", type=int, default=1_000_000)
parser.add_argument("--under", default="/dev/shm")
options = parser.parse_args()
root = tempfile.mkdtemp(prefix="holdfast-pages-", dir=options.under)
library = os.path.join(root, "library")


def holdfast(*arguments):
    return subprocess.run([options.holdfast, *arguments, "--state", root + "/state"], check=True, capture_output=True, text=True).stdout


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def timed(times, ask, *arguments):
    took = []
    for _ in range(times):
        before = time.monotonic()
        answer = ask(*arguments)
        took.append(time.monotonic() - before)
    return statistics.median(took), max(took), answer


server = None
try:
    os.makedirs(root + "/first")
    open(root + "/first/seed.txt", "w").write("seed")
    holdfast("backup", root + "/first", "--to", "library:" + library)
    hashes = []
    for i in range(options.files):
        if i % 1000 == 0:
            os.makedirs(f"{library}/{i // 100_000}/{i // 1000 % 100}", exist_ok=True)
        text = f"file {i}".encode()
        with open(f"{library}/{i // 100_000}/{i // 1000 % 100}/{i}.jpg", "wb") as file:
            file.write(text)
        if i < 200_000:
            hashes.append(hashlib.sha256(text).hexdigest())
    time.sleep(3)
    before = time.monotonic()
    holdfast("library", "scan", "library:" + library)
    print(f"scan of {options.files:,} new files: {time.monotonic() - before:.1f} s", flush=True)

    port = free_port()
    address = f"http://127.0.0.1:{port}"
    token = holdfast("token", "add", "bench", "--library", library, "--scope", "full").strip()
    server = subprocess.Popen([options.holdfast, "serve", "--library", library, "--listen", f"127.0.0.1:{port}", "--state", root + "/state"], stdout=subprocess.PIPE, text=True)
    server.stdout.readline()

    def ask(path, body=None):
        request = urllib.request.Request(address + path, body, {"Authorization": "Bearer " + token})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def missing():
        return sum(len(ask("/api/v1/missing", json.dumps({"hashes": hashes[at:at + 10_000]}).encode())["missing"]) for at in range(0, len(hashes), 10_000))

    ask("/api/v1/library")
    middle, worst, lacks = timed(3, missing)
    print(f"missing check of {len(hashes):,} known hashes: {middle:.2f} s, at worst {worst:.2f} s ({lacks} missing)", flush=True)
    for name, path in {
        "first page": "/api/v1/entries",
        "a page in the middle": f"/api/v1/entries?after={options.files // 200_000}/50/5.jpg",
        "a folder of folders": "/api/v1/entries?children=1&under=0",
        "a folder of 1,000 files": "/api/v1/entries?children=1&under=0/50",
        "a search, found": "/api/v1/entries?q=99.jpg",
        "a search, not found": "/api/v1/entries?q=nothing-has-this",
        "names of a client": "/api/v1/names?client=bench&job=x",
        "statistics": "/api/v1/statistics",
    }.items():
        middle, worst, _ = timed(7, ask, path)
        print(f"{name}: {middle * 1000:.0f} ms, at worst {worst * 1000:.0f} ms", flush=True)
finally:
    if server:
        server.send_signal(signal.SIGTERM)
        server.wait()
    shutil.rmtree(root)
