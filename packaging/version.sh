#!/usr/bin/env bash
# Prints the version, which only Directory.Build.props states. With a tag, as in "packaging/version.sh v1.0.0": fails
# unless the tag is "v" and that version.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
if [ $# -gt 0 ] && [ "$1" != "v$version" ]; then
    echo "the tag is $1, but Directory.Build.props states version $version" >&2
    exit 1
fi
echo "$version"
