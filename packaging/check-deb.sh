#!/usr/bin/env bash
# Installs a Debian package in a clean root, checks it there, and removes it: packaging/check-deb.sh DEB [SUITE], as
# root. With a suite, such as bookworm, the root is a minimal Debian (debootstrap; DEBIAN_MIRROR names another mirror),
# and the program runs inside it; otherwise it is an empty folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"

files() {
    (cd "$root" && find . -path ./var/lib/dpkg -prune -o -path ./var/log -prune -o -print | sort)
}

if [ -n "${2:-}" ]; then
    debootstrap --variant=minbase "$2" "$root" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$root.log" ||
        { cat "$root.log" >&2 && exit 1; }
    rm "$root.log"
    # The kernel ends whatever runs in there, and takes /proc away, when the command ends.
    inside=(unshare --mount --pid --fork --root="$root" --mount-proc)
    dpkg=("${inside[@]}" dpkg)
    fastgate=("${inside[@]}" /usr/bin/fastgate)
    files >"$root.before"
    cp "$1" "$root/fastgate.deb"
    "${dpkg[@]}" --install /fastgate.deb
    rm "$root/fastgate.deb"
else
    mkdir -p "$root/var/lib/dpkg/updates" "$root/var/lib/dpkg/info" "$root/var/log"
    touch "$root/var/lib/dpkg/status"
    dpkg=(dpkg --root="$root" --force-depends)
    fastgate=("$root/usr/bin/fastgate")
    files >"$root.before"
    "${dpkg[@]}" --install "$1"
fi

"$here/check-binary.sh" "${fastgate[@]}"
(cd "$root" && md5sum --quiet --check var/lib/dpkg/info/fastgate.md5sums)
"${dpkg[@]}" --purge fastgate
files >"$root.after"
trap 'rm -rf "$root" "$root.before" "$root.after"' EXIT
diff "$root.before" "$root.after" || {
    echo "files differ after the package was removed" >&2
    exit 1
}
