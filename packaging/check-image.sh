#!/usr/bin/env bash
# Runs an image, checks the program in it, and that it is neither root nor exposes a port: packaging/check-image.sh
# IMAGE.tar. Needs podman.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
image=$(podman load --quiet --input "$1" | sed -n 's/^Loaded image[^:]*: //p')
trap 'podman rmi --force "$image" >/dev/null' EXIT

"$here/check-binary.sh" podman run --rm "$image"
config=$(podman image inspect --format '{{.Config.User}} {{len .Config.ExposedPorts}}' "$image")
[ "$config" = "65532:65532 0" ] || {
    echo "user and number of exposed ports: $config" >&2
    exit 1
}
