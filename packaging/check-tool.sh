#!/usr/bin/env bash
# Installs the dotnet tool from a folder, and from nowhere else, and checks it: packaging/check-tool.sh OUT.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A cache of its own, so that this package is installed and not an earlier one of the same version.
NUGET_PACKAGES=$work/packages dotnet tool install FastGate --tool-path "$work/tool" --source "$out" \
    --version "$("$here/version.sh")"
"$here/check-binary.sh" "$work/tool/fastgate"
