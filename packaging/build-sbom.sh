#!/usr/bin/env bash
# Writes what the native binary consists of as OUT/fastgate-VERSION.cdx.json (CycloneDX): packaging/build-sbom.sh OUT.
set -euo pipefail
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
version=$(packaging/version.sh)
dotnet tool restore
# In the environment, because the tool passes no property on to the restore that it runs: with it, the packages of the
# native compiler, whose runtime becomes part of the binary, are included.
PublishAot=true dotnet CycloneDX src/Filter/Filter.csproj --recursive --output "$out" \
    --filename "fastgate-$version.cdx.json" --output-format Json --set-name fastgate --set-version "$version" \
    --set-type Application
