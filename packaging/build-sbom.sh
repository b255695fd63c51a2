#!/usr/bin/env bash
# Writes what the binaries consist of as OUT/fastgate-VERSION.cdx.json (CycloneDX): packaging/build-sbom.sh OUT.
set -euo pipefail
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
version=$(packaging/version.sh)
file=$out/fastgate-$version.cdx.json
dotnet tool restore
dotnet CycloneDX src/Filter/Filter.csproj --exclude-dev --output "$out" --filename "${file##*/}" --output-format Json \
    --set-name fastgate --set-version "$version" --set-type Application

# The .NET runtime is linked into each native binary. It is no package that the project refers to, so the tool misses it.
runtime=$(dotnet msbuild src/Filter -getProperty:BundledNETCoreAppPackageVersion)
jq --arg version "$runtime" '.components += [
    "linux-x64", "linux-arm64", "osx-arm64", "osx-x64" | "Microsoft.NETCore.App.Runtime.NativeAOT.\(.)" as $name |
    "pkg:nuget/\($name)@\($version)" as $purl |
    { type: "framework", "bom-ref": $purl, $name, $version, $purl, licenses: [{ license: { id: "MIT" } }] }
]' "$file" >"$file.new"
mv "$file.new" "$file"
