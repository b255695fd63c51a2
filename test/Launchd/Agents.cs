using FastGate.Launchd;

namespace FastGate.Test.Launchd;

/// <summary>Sample agents for tests.</summary>
internal static class Agents
{
    public static Agent Whole { get; } =
        new()
        {
            Label = Label("com.fastgate"),
            ProgramArguments = ["/Users/u/.local/bin/fastgate", "run"],
            Environment = [new("XDG_CONFIG_HOME", "/Users/u/My Config")],
            ProcessType = "Interactive",
            ThrottleSeconds = 5,
            ExitTimeOutSeconds = 40,
            FilesMax = 8192,
            StandardOutPath = "/Users/u/Library/Logs/FastGate/fastgate.log",
            StandardErrorPath = "/Users/u/Library/Logs/FastGate/fastgate.log",
        };

    public static Agent Smallest { get; } =
        new()
        {
            Label = Label("com.ollama"),
            ProgramArguments = ["/opt/homebrew/bin/ollama"],
            RunAtLoad = false,
            KeepAlive = false,
        };

    public static Agent With(string argument) => Smallest with { ProgramArguments = ["/bin/echo", argument] };

    /// <summary>An agent with the values as arguments and as environment variables.</summary>
    public static Agent WithAll(string[] values) =>
        Smallest with
        {
            ProgramArguments = ["/bin/echo", .. values],
            Environment = [.. values.Select((value, n) => new KeyValuePair<string, string>($"V{n}", value))],
        };

    public static AgentLabel Label(string name) =>
        AgentLabel.TryParse(name, out AgentLabel? label, out string? problem)
            ? label
            : throw new ArgumentException(problem, nameof(name));
}
