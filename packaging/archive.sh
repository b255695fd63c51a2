#!/usr/bin/env bash
# Packs a native binary as OUT/fastgate-VERSION-RID.tar.gz: packaging/archive.sh FASTGATE RID OUT.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
name=fastgate-$("$here/version.sh")-$2
mkdir -p "$3"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

mkdir "$folder/$name"
shell=$here/../src/Filter/Commands/Shell
cp "$1" "$shell/fastgate.1" "$here/../fastgate.sample.json" "$here/../LICENSE" "$folder/$name"
mkdir "$folder/$name/completions"
cp "$shell/fastgate.bash" "$shell/_fastgate" "$shell/fastgate.fish" "$folder/$name/completions"
"$here/notices.sh" "$2" >"$folder/$name/THIRD-PARTY-NOTICES.txt"
# Files that root unpacks belong to root, not to whoever has the builder's user id. GNU tar and bsdtar differ here.
owner=(--uid 0 --gid 0)
if tar --version | grep -q GNU; then
    owner=(--owner=0 --group=0)
fi
tar -czf "$3/$name.tar.gz" -C "$folder" "${owner[@]}" "$name"
