#!/usr/bin/env bash
# Packs the dotnet tool, which needs an installed .NET: packaging/build-tool.sh OUT. HOMEPAGE is the URL of the
# repository.
set -euo pipefail
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet pack src/Filter -c Release -p:RunAnalyzers=false -warnaserror --artifacts-path "$work" -o "$out" \
    ${HOMEPAGE:+-p:RepositoryUrl="$HOMEPAGE" -p:PackageProjectUrl="$HOMEPAGE"}
