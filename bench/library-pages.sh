#!/bin/sh
# How long a library's server takes to say which hashes are missing, and to list pages. Needs python3.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/../holdfast" --version >/dev/null # builds when the sources are newer
exec python3 "$here/library_pages.py" "$here/../holdfast" "$@"
