namespace FastGate.Commands.Install;

/// <summary>What an installation would do on this machine.</summary>
/// <param name="Steps">In their order.</param>
/// <param name="Notes">What the owner should know or do, since it is not done here.</param>
/// <param name="Problem">Why there is nothing to be done; null if there is.</param>
internal sealed record InstallPlan(IReadOnlyList<Step> Steps, IReadOnlyList<string> Notes, string? Problem = null);
