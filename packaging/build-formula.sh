#!/usr/bin/env bash
# Writes the Homebrew formula for the four archives in a folder: packaging/build-formula.sh OUT. HOMEPAGE is the URL of
# the repository, whose release the formula downloads.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
version=$("$here/version.sh")
edits=(-e "s|@HOMEPAGE@|$HOMEPAGE|g; s|@VERSION@|$version|g")
for rid in osx-arm64 osx-x64 linux-arm64 linux-x64; do
    sum=$(sha256sum "$1/fastgate-$version-$rid.tar.gz" | cut -d' ' -f1)
    edits+=(-e "s|@SHA256-$rid@|$sum|")
done
sed "${edits[@]}" "$here/fastgate.rb.in" >"$1/fastgate.rb"
ruby -c "$1/fastgate.rb"
