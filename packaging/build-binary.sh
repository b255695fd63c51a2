#!/usr/bin/env bash
# Builds the native binary: packaging/build-binary.sh RID OUT [OPTION…], where RID is linux-x64, linux-arm64, osx-arm64 or
# osx-x64, and the options are those of dotnet publish. Run it on that platform: native code links with the platform's own
# tools (clang and zlib on Linux, Xcode's on macOS).
set -euo pipefail
rid=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)
shift 2
cd "$(dirname "$0")/.."
dotnet publish src/Filter -c Release -r "$rid" -p:PublishAot=true -p:RunAnalyzers=false \
    --artifacts-path "$out/build" -o "$out" "$@"
