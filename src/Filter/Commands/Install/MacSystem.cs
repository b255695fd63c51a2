using System.Globalization;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>What kind of Mac this is, and which of the programs that FastGate needs Homebrew can install.</summary>
internal sealed record MacSystem
{
    /// <summary>macOS 14 Sonoma: the oldest that is intended.</summary>
    private const int OldestMacOs = 14;

    private static readonly TimeSpan QueryTimeout = TimeSpan.FromSeconds(10);

    // A download of about a gigabyte, on a slow line.
    private static readonly TimeSpan BrewTimeout = TimeSpan.FromHours(1);

    /// <summary>Such as <c>15.1</c>; empty if unknown.</summary>
    public string Version { get; init; } = "";

    /// <summary>The Mac is known to have an Intel processor.</summary>
    public bool IsIntel { get; init; }

    /// <summary>Homebrew can install Tailscale, which is missing.</summary>
    public bool OffersTailscale { get; init; }

    /// <summary>Where Homebrew would install Ollama's program, which is missing; null if it is not.</summary>
    public string? OfferedOllama { get; init; }

    public static async Task<MacSystem> ReadAsync(HostEnvironment environment, FoundAgents agents, MachineState state)
    {
        string? brew = Brew.Find(environment);
        string version = await OutputAsync(environment, "sw_vers", "-productVersion");
        // Also 1 for a program that Rosetta translates; macOS on Intel does not know the name.
        CommandResult arm = await environment.Runner.RunAsync("sysctl", ["-n", "hw.optional.arm64"], QueryTimeout);
        bool lacksOllama =
            state.OllamaProgram is null
            && !state.OllamaResponds
            && agents.Ollamas.Count == 0
            && agents.UnreadOllamas.Count == 0
            && !environment.HasApplication("Ollama.app");
        return new MacSystem
        {
            Version = version,
            IsIntel = version.Length > 0 && arm.Output.Trim() != "1",
            OffersTailscale =
                brew is not null
                && environment.Runner.Find("tailscale") is null
                && !environment.HasApplication("Tailscale.app"),
            OfferedOllama =
                brew is not null && lacksOllama ? Path.Combine(Path.GetDirectoryName(brew)!, "ollama") : null,
        };
    }

    /// <summary>What speaks against this Mac; the installation continues nonetheless.</summary>
    public IEnumerable<string> Warnings()
    {
        if (int.TryParse(Version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major))
        {
            if (major < OldestMacOs)
                yield return $"This is macOS {Version}. FastGate and current versions of Ollama are meant for macOS "
                    + $"{OldestMacOs} or later.";
        }
        if (IsIntel)
            yield return "This Mac has an Intel processor. Ollama runs models on it without a GPU, which is slow; an "
                + "Apple silicon Mac is intended.";
    }

    public Question? TailscaleQuestion() =>
        OffersTailscale
            ? new Question(
                QuestionKind.InstallTailscale,
                [
                    "Tailscale is not installed. By default, FastGate listens only on the address that this machine "
                        + "has in a tailnet.",
                    "Homebrew can install the app; then open it and log in. uninstall leaves it in place.",
                ],
                "Install Tailscale (brew install --cask tailscale-app)?",
                IsYesByDefault: false
            )
            : null;

    public Question? OllamaQuestion() =>
        OfferedOllama is not null
            ? new Question(
                QuestionKind.InstallOllama,
                [
                    "Ollama is not installed.",
                    "Homebrew can install it, and install then runs it from an agent that listens only on loopback. "
                        + "uninstall leaves the program in place.",
                ],
                "Install Ollama (brew install ollama)?",
                IsYesByDefault: false
            )
            : null;

    /// <summary>The installations that were agreed to. They are not rolled back.</summary>
    public static IEnumerable<Step> Steps(HostEnvironment environment, Answers answers)
    {
        if (answers.IsYes(QuestionKind.InstallTailscale))
            yield return Install(environment, "install Tailscale", "install", "--cask", "tailscale-app");
        if (answers.IsYes(QuestionKind.InstallOllama))
            yield return Install(environment, "install Ollama", "install", "ollama");
    }

    private static Step Install(HostEnvironment environment, string line, params string[] words) =>
        new(
            line,
            [$"brew {string.Join(' ', words)}"],
            () => Task.FromResult(false),
            async () =>
            {
                environment.Progress($"brew {string.Join(' ', words)}");
                CommandResult result = await environment.Runner.RunAsync(Brew.Find(environment)!, words, BrewTimeout);
                return result.Succeeded
                    ? StepResult.Done
                    : StepResult.Failed($"brew {string.Join(' ', words)}: {result.Description}");
            }
        );

    private static async Task<string> OutputAsync(HostEnvironment environment, string program, string argument)
    {
        CommandResult result = await environment.Runner.RunAsync(program, [argument], QueryTimeout);
        return result.Succeeded ? result.Output.Trim() : "";
    }
}
