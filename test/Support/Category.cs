namespace FastGate.Test.Support;

/// <summary>Names for <c>--filter "TestCategory=…"</c>.</summary>
internal static class Category
{
    /// <summary>
    /// Starts <see cref="SourceTree.Program"/> in its own process, so that <c>.ci/run</c> can run it on the native
    /// binary as well.
    /// </summary>
    public const string Process = "Process";
}
