#!/bin/sh
# The mirror against rsync and cp. Needs root (loop images), python3, rsync, e2fsprogs.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/../holdfast" --version >/dev/null # builds when the sources are newer
exec python3 "$here/mirror.py" "$here/../holdfast" "$@"
