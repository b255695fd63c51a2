#!/usr/bin/env bash
# Builds an OCI image from scratch around a native binary, as OUT/fastgate-VERSION-image-RID.tar:
# packaging/build-image.sh FASTGATE RID OUT. Needs buildah.
#
# The image has the shared libraries of the machine that builds it. A static binary would need either musl or a glibc that
# still loads shared libraries to look up the name of an upstream.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binary=$(realpath "$1")
version=$("$here/version.sh")
mkdir -p "$3"
image=$(cd "$3" && pwd)/fastgate-$version-image-$2.tar
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

root=$work/root
doc=$root/usr/share/doc
install -D -m 755 "$binary" "$root/usr/bin/fastgate"
install -D -m 644 "$here/../LICENSE" "$doc/fastgate/LICENSE"
"$here/notices.sh" "$2" >"$doc/fastgate/THIRD-PARTY-NOTICES.txt"
install -D -m 644 /usr/share/doc/libc6/copyright "$doc/libc6/copyright"
# The loader and the libraries, each at the path where the loader looks for it.
for library in $(ldd "$binary" | grep -o '/[^ ]*'); do
    install -D -m 755 "$library" "$root$library"
done
mkdir "$root/etc" "$root/home"
echo 'fastgate:x:65532:65532::/home/fastgate:/' >"$root/etc/passwd"
echo 'fastgate:x:65532:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
# Readable by any user, so that the image runs with "--user" as well; the config is mounted below it.
mkdir -m 777 "$root/home/fastgate"

# Plain copies (vfs) need no privilege of the kernel, and this image has one layer.
buildah --storage-driver vfs build --quiet --isolation chroot --build-arg VERSION="$version" --timestamp 0 \
    --file "$here/Containerfile" --tag "oci-archive:$image:fastgate:$version" "$work"
echo "$image"
