"""What a mirror's history costs: forget against rm -rf, check --read-data against sha256sum, find through many snapshots."""
import glob, os, shutil, statistics, subprocess, time

from images import Image, change, data_set, sh, timed
import images


def measure(holdfast, ours, runs, snapshots):
    print("\n| what | holdfast | peer | seconds | ratio | goal |\n|---|---|---|---|---|---|")
    row("forget the middle of three snapshots, 30 % changed in each", *forget(holdfast, ours, runs), "rm -rf of its increment", "≤ 1.10")
    row("check --read-data, 3 GB", *check(holdfast, ours, runs), "sha256sum, a process a core", "≤ 1.11")
    files, seconds = find(holdfast, ours, runs, snapshots)
    print(f"| find --name in {snapshots} snapshots of {files:,} files | {seconds:.2f} | | | | ≤ 1 s |", flush=True)


def row(what, mine, theirs, peer, goal):
    mine, theirs = statistics.median(mine), statistics.median(theirs)
    print(f"| {what} | {mine:.2f} | {peer} | {theirs:.2f} | **{mine / theirs:.2f}** | {goal} |", flush=True)


def forget(holdfast, ours, runs):
    work, mine, theirs = images.data + "/work", [], []
    shutil.rmtree(work, ignore_errors=True)
    sh("cp", "-a", data_set("small"), work)
    with Image() as image:
        for seed in range(3):
            if seed > 0:
                change(work, 0.3, seed)
            sh(*ours(work))
        image.keep()
        for _ in range(runs):
            theirs.append(timed("rm", "-rf", *glob.glob(images.mount + "/ours/increments/000002-*")))
            image.back()
            mine.append(timed(holdfast, "-q", "forget", f"mirror:{images.mount}/ours", "2", "--state", images.data + "/state"))
            image.back()
    shutil.rmtree(work)
    return mine, theirs


def check(holdfast, ours, runs):
    mine, theirs = [], []
    with Image() as image:
        sh(*ours(data_set("large")))
        for _ in range(runs):
            image.remount()
            theirs.append(timed("sh", "-c", f"find {images.mount}/ours/mirror -type f -print0 | xargs -0 -n 20 -P {os.cpu_count()} sha256sum"))
            image.remount()
            mine.append(timed(holdfast, "-q", "check", f"mirror:{images.mount}/ours", "--read-data", "--state", images.data + "/state"))
    return mine, theirs


def find(holdfast, ours, runs, snapshots):
    work, seconds = images.data + "/work", []
    shutil.rmtree(work, ignore_errors=True)
    sh("cp", "-a", data_set("million"), work)
    with Image():
        for seed in range(snapshots):
            if seed > 0:
                change(work, 0.0002, seed)
            sh(*ours(work))
        for _ in range(runs):
            started = time.perf_counter()
            subprocess.run([holdfast, "find", f"mirror:{images.mount}/ours", "--name", "0123456", "--state", images.data + "/state"], check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - started)
    shutil.rmtree(work)
    return 1_000_000, statistics.median(seconds)
