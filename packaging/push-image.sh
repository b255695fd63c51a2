#!/usr/bin/env bash
# Joins the images in a folder, one for each architecture, under one name, and pushes it: packaging/push-image.sh OUT
# DESTINATION, where DESTINATION is docker://NAME:TAG or, to try it, oci:FOLDER.
set -euo pipefail
list=fastgate-$$
buildah() { command buildah --storage-driver vfs "$@"; }
buildah manifest create "$list" >/dev/null
trap 'buildah manifest rm "$list" >/dev/null' EXIT
for image in "$1"/fastgate-*-image-*.tar; do
    buildah manifest add "$list" "oci-archive:$image"
done
buildah manifest push --all "$list" "$2"
