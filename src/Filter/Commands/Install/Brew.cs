using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Homebrew's services.</summary>
internal static class Brew
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    // A login by ssh often lacks Homebrew's folder; these are its own defaults, for Apple silicon and Intel.
    private static readonly string[] Usual = ["/opt/homebrew/bin/brew", "/usr/local/bin/brew"];

    public static string? Find(HostEnvironment site) =>
        site.Runner.Find("brew") ?? Usual.Select(site.Runner.Find).FirstOrDefault(path => path is not null);

    /// <param name="site">Where.</param>
    /// <param name="verb"><c>start</c> or <c>stop</c>.</param>
    /// <param name="service">Such as <c>ollama</c>.</param>
    public static async Task<StepResult> RunAsync(HostEnvironment site, string verb, string service)
    {
        if (Find(site) is not { } brew)
            return StepResult.Failed("brew is not there");
        CommandResult result = await site.Runner.RunAsync(brew, ["services", verb, service], Longest);
        return result.Succeeded
            ? StepResult.Done
            : StepResult.Failed($"brew services {verb} {service}: {result.Description}");
    }
}
