using System.Reflection;

namespace FastGate.Host;

/// <summary>The version of the running program.</summary>
internal static class OwnVersion
{
    /// <summary>With the commit that it was built from, as <c>--version</c> prints it.</summary>
    public static string Text { get; } =
        typeof(OwnVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "";
}
