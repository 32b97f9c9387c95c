#!/bin/sh
# A library behind its server against rclone's webdav server and rsync's daemon. Needs root (loop images), python3, rclone, rsync, e2fsprogs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/../holdfast" --version >/dev/null # builds when the sources are newer
exec python3 "$here/library.py" "$here/../holdfast" "$@"
