#!/bin/sh
# The steps of docs/telegram-live-check.md. With PORT and KEY.pem it runs against the test server.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
dotnet build "$root/tests/Holdfast.Mtproto.LiveCheck" -c Release --nologo -v q
exec dotnet "$root/tests/Holdfast.Mtproto.LiveCheck/bin/Release/net10.0/Holdfast.Mtproto.LiveCheck.dll" "$@"
