#!/usr/bin/env bash
# Builds the Debian package of a native binary: packaging/build-deb.sh FASTGATE RID OUT. HOMEPAGE is the URL of the
# repository; DEBFULLNAME and DEBEMAIL name the maintainer, by default the author of the commit.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
version=$("$here/version.sh")-1
architecture=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-$(git -C "$here" log -1 --format=%an)} <${DEBEMAIL:-$(git -C "$here" log -1 --format=%ae)}>"
# One commit makes one package, whenever it is built. dpkg-deb reads this variable.
SOURCE_DATE_EPOCH=$(git -C "$here" log -1 --format=%ct)
export SOURCE_DATE_EPOCH
mkdir -p "$3"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 022

root=$work/root
doc=$root/usr/share/doc/fastgate
install -D -m 755 "$1" "$root/usr/bin/fastgate"
install -D -m 644 "$here/fastgate.service" "$root/usr/lib/systemd/user/fastgate.service"
shell=$here/../src/Filter/Commands/Shell
install -D -m 644 "$shell/fastgate.1" "$root/usr/share/man/man1/fastgate.1"
install -D -m 644 "$shell/fastgate.bash" "$root/usr/share/bash-completion/completions/fastgate"
install -D -m 644 "$shell/_fastgate" "$root/usr/share/zsh/vendor-completions/_fastgate"
install -D -m 644 "$shell/fastgate.fish" "$root/usr/share/fish/vendor_completions.d/fastgate.fish"
install -D -m 644 "$here/../fastgate.sample.json" "$doc/examples/fastgate.sample.json"
install -D -m 644 "$here/debian/copyright" "$doc/copyright"
install -D -m 644 "$here/../CHANGELOG.md" "$doc/changelog"
"$here/notices.sh" "$2" >"$doc/THIRD-PARTY-NOTICES.txt"
cat >"$doc/changelog.Debian" <<END
fastgate ($version) unstable; urgency=medium

  * See changelog.gz.

 -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
END
gzip -9n "$doc/changelog" "$doc/changelog.Debian" "$doc/THIRD-PARTY-NOTICES.txt" "$root/usr/share/man/man1/fastgate.1"

# The oldest libc6 that has every symbol which the binary imports. The tool expects a source package around it.
mkdir "$root/DEBIAN" "$work/debian"
touch "$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O root/usr/bin/fastgate | sed -n 's/^shlibs:Depends=//p')

(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"
sed -e "s|@VERSION@|$version|; s|@ARCHITECTURE@|$architecture|; s|@MAINTAINER@|$maintainer|; s|@DEPENDS@|$depends|" \
    -e "s|@SIZE@|$(du -sk --exclude=DEBIAN "$root" | cut -f1)|; s|@HOMEPAGE@|${HOMEPAGE:-}|; /^Homepage: \$/d" \
    "$here/debian/control.in" >"$root/DEBIAN/control"
dpkg-deb --build --root-owner-group "$root" "$3/fastgate_${version}_$architecture.deb"
