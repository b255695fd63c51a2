using System.Runtime.InteropServices;

namespace FastGate.Host;

/// <summary>The runtime identifier that this machine's programs are published for, such as <c>osx-arm64</c>.</summary>
internal static class RuntimeName
{
    /// <summary>The portable name: the runtime's own may be that of a distribution, which has no packages.</summary>
    public static string Portable { get; } =
        $"{SystemName}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    private static string SystemName =>
        OperatingSystem.IsMacOS() ? "osx"
        : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl"
        : "linux";
}
