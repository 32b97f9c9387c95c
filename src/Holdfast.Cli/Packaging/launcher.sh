#!/bin/sh
# Runs the Holdfast that lies beside this file, with the config beside it. Where the disk is mounted noexec nothing on it can
# be started: call this as 'sh holdfast' then, and the program runs from a temporary copy.
set -u
[ -z "${HOLDFAST_CAN_RUN-}" ] || exit 0

say() { printf 'holdfast: %s\n' "$*" >&2; }

here=$(dirname -- "$(readlink -f -- "$0")")
case $(uname -s)-$(uname -m) in
    Linux-x86_64) program=$here/holdfast-linux-x64 ;;
    Linux-aarch64) program=$here/holdfast-linux-arm64 ;;
    *) program=$here/holdfast-$(uname -s)-$(uname -m) ;;
esac
if [ ! -f "$program" ]; then
    say "there is no program for this machine here ($program); 'holdfast package' on a machine of its kind adds it"
    exit 1
fi
export HOLDFAST_PROGRAM_DIR="$here"

# A library that the program carries is put into the home folder once; where that cannot be, the temporary copy has room for it.
if [ -x "$program" ] && { [ -z "${HOME-}" ] || mkdir -p -- "$HOME/.net" 2>/dev/null; } && HOLDFAST_CAN_RUN=1 "$here/holdfast" 2>/dev/null; then
    exec "$program" "$@"
fi

work=
trap '[ -z "$work" ] || rm -rf -- "$work"' EXIT
trap : INT TERM HUP     # the program ends cleanly by itself; only then the copy goes
for folder in "${TMPDIR:-/tmp}" /var/tmp /dev/shm "${HOME:-/}"; do
    work=$(mktemp -d "$folder/holdfast.XXXXXX" 2>/dev/null) || continue
    if printf '#!/bin/sh\n' >"$work/may-run" && chmod 0700 "$work/may-run" && "$work/may-run" 2>/dev/null &&
        cp -- "$program" "$work/holdfast" 2>/dev/null && chmod 0700 "$work/holdfast"; then
        DOTNET_BUNDLE_EXTRACT_BASE_DIR="$work/libraries" "$work/holdfast" "$@"
        exit $?
    fi
    rm -rf -- "$work"
    work=
done
say "programs cannot be started from here, and no temporary folder takes a copy of $(du -m -- "$program" | cut -f 1) MB that can; set TMPDIR to one that can"
exit 1
