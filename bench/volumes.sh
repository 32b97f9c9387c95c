#!/bin/sh
# Volumes against tar | zstd and tar | xz | gpg. Needs python3, tar, zstd, xz, gpg.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/../holdfast" --version >/dev/null # builds when the sources are newer
exec python3 "$here/volumes.py" "$here/../holdfast" "$@"
