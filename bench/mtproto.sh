#!/bin/sh
# Up and down against the test server, next to npm's @mtcute/node: bench/run mtproto [MEGABYTES]
# The server, the delaying proxy and each client are processes of their own on loopback.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
megabytes=${1:-1024}
work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT INT TERM

# Compiled ahead, as the product is; where that compiler cannot be had a plain build does.
case $(uname -m) in
  aarch64) rid=linux-arm64 ;;
  *) rid=linux-x64 ;;
esac
publish() {
  dotnet publish "$here/Holdfast.Mtproto.Bench" -c Release --artifacts-path "$work/artifacts" -o "$work/bench" --nologo -v q --self-contained=false "$@" >&2
}
publish "-r:$rid" -p:PublishReadyToRun=true || publish
bench="dotnet $work/bench/Holdfast.Mtproto.Bench.dll"
cp "$root"/tests/Holdfast.Mtproto.Tests/mtcute/* "$here"/mtcute-bench.mjs "$work/"
(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund >/dev/null)

start_server() {
  rm -f "$work/server.log"
  dotnet "$work/bench/Holdfast.Mtproto.TestServer.dll" --port 18543 --key "$work/key.pem" >"$work/server.log" &
  server=$!
  while ! grep -q "bot token" "$work/server.log" 2>/dev/null; do sleep 0.1; done
}
stop_server() {
  kill "$server"
  wait "$server" 2>/dev/null || true
  server=
}

# what               MiB   latency (ms, round trip)  MB/s a connection  most connections
run() {
  start_server
  $bench client "$work/key.pem" 18543 "$@"
  stop_server
}
printf '%-44s %10s %10s %8s %8s\n' "" "up MB/s" "down MB/s" "CPU s" "peak MB"
run "no limits" "$megabytes" 0 0 8
run "30 ms" "$megabytes" 30 0 8
run "100 ms" "$megabytes" 100 0 8
run "5 MB/s a connection, one" 64 0 5 1
run "5 MB/s a connection, up to eight" 512 0 5 8
run "5 MB/s a connection, 30 ms, up to eight" 512 30 5 8
run "5 MB/s a connection, 100 ms, up to eight" 512 100 5 8
start_server
(cd "$work" && node mtcute-bench.mjs "$work/key.pem" 18543 "$megabytes")
stop_server
