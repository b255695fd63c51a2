#!/usr/bin/env bash
# Runs an image, checks the program in it, and that it is neither root nor exposes a port: packaging/check-image.sh
# IMAGE.tar. Needs podman.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
image=$(podman load --quiet --input "$1" | sed -n 's/^Loaded image[^:]*: //p')
trap 'podman rmi --force "$image" >/dev/null' EXIT

"$here/check-binary.sh" podman run --rm --network none --read-only "$image"
config=$(podman image inspect --format '{{.Config.User}} {{len .Config.ExposedPorts}}' "$image")
[ "$config" = "65532:65532 0" ] || {
    echo "user and number of exposed ports: $config" >&2
    exit 1
}

# The default command, and status in the same container; the folder of its socket is the only one that it writes.
gate=$(podman run --rm --detach --network none --read-only --tmpfs /home/fastgate:mode=0777 "$image")
for _ in {1..20}; do
    if podman exec "$gate" /usr/bin/fastgate status >/dev/null 2>&1; then
        break
    fi
    sleep 0.5
done
podman exec "$gate" /usr/bin/fastgate status
podman stop "$gate" >/dev/null
