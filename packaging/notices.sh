#!/usr/bin/env bash
# Prints the notices of everything that is linked into the native binary: packaging/notices.sh RID. Reads those of the
# .NET runtime from the package that the build used.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/.."

runtime=$(dotnet msbuild src/Filter -getProperty:BundledNETCoreAppPackageVersion)
package=${NUGET_PACKAGES:-$HOME/.nuget/packages}/microsoft.netcore.app.runtime.nativeaot.$1/$runtime

# A package that is added to the program must be added to the notices.
sed -n 's/.*<PackageReference Include="\([^"]*\)".*/\1/p' src/*/*.csproj | while read -r name; do
    grep -qF "$name" "$here/THIRD-PARTY-NOTICES.txt" || {
        echo "packaging/THIRD-PARTY-NOTICES.txt does not mention $name" >&2
        exit 1
    }
done
cat "$here/THIRD-PARTY-NOTICES.txt" "$package/THIRD-PARTY-NOTICES.TXT"
