#!/usr/bin/env bash
# Checks an installed FastGate, as packaging/check-binary.sh COMMAND, such as "out/fastgate" or "chroot DIR fastgate":
# its version, two rules, and the demo, which is a gate, a client and a stand-in for Ollama.
set -euo pipefail
version=$("$(dirname "$0")/version.sh")

found=$("$@" --version)
# The build appends "+" and the commit.
[ "${found%%+*}" = "$version" ] || {
    echo "--version printed $found instead of $version" >&2
    exit 1
}
"$@" check --allow @seed GET /v1/models >/dev/null
status=0
"$@" check --allow @seed POST /api/pull >/dev/null || status=$?
[ "$status" -eq 1 ] || {
    echo "check POST /api/pull ended with $status instead of 1" >&2
    exit 1
}
demo=$("$@" demo --once)
grep ' 0 of these .* requests reached' <<<"$demo" || {
    echo "$demo" >&2
    exit 1
}
echo "checked: $* ($found)"
