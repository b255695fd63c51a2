using System.Globalization;
using FastGate.Proxy.Gate;

namespace FastGate.Config;

/// <summary>A member of the config file that is a number: how it is called, what it may be, and what it sets.</summary>
internal sealed record NumberMember
{
    /// <summary>The object that the limits stand in.</summary>
    public const string Limits = "limits";

    /// <summary>The object that says where numbers are told.</summary>
    public const string Metrics = "metrics";

    private const double Hour = 3600;

    private NumberMember(
        string path,
        double least,
        double most,
        Func<GatePlan, double> get,
        Func<GatePlan, double, GatePlan> set
    ) => (Path, Least, Most, Get, Set) = (path, least, most, get, set);

    /// <summary>All of them. The defaults, with their sources, stand where the options are.</summary>
    public static IReadOnlyList<NumberMember> All { get; } =
    [
        new("loops", 1, 64, plan => plan.Loops, (plan, n) => plan with { Loops = (int)n }),
        new(
            "warm",
            0,
            64,
            plan => plan.Ollama.ReadyConnections,
            (plan, n) => plan with { Ollama = plan.Ollama with { ReadyConnections = (int)n } }
        ),
        // None unless asked for: whoever can log in to this machine can read what a port tells.
        new(
            $"{Metrics}.port",
            0,
            ushort.MaxValue,
            plan => plan.MetricsPort,
            (plan, n) => plan with { MetricsPort = (int)n }
        ),
        // Two descriptors a connection, and macOS gives a process 10 240 at most without being asked.
        OfLimits(
            "connectionsMax",
            1,
            100_000,
            limits => limits.ConnectionsMax,
            (limits, n) => limits with { ConnectionsMax = (int)n }
        ),
        OfLimits(
            "connectionsPerPeerMax",
            1,
            100_000,
            limits => limits.ConnectionsPerPeerMax,
            (limits, n) => limits with { ConnectionsPerPeerMax = (int)n }
        ),
        // No more than a loop's buffer surely holds, and no less than what recorded clients send.
        OfLimits(
            "headBytesMax",
            1024,
            32 * 1024,
            limits => limits.HeadBytesMax,
            (limits, n) => limits with { HeadBytesMax = (int)n }
        ),
        OfLimits(
            "headSeconds",
            0.1,
            Hour,
            limits => limits.HeadTime,
            (limits, time) => limits with { HeadTime = time }
        ),
        OfLimits(
            "idleSeconds",
            1,
            24 * Hour,
            limits => limits.IdleTime,
            (limits, time) => limits with { IdleTime = time }
        ),
        OfLimits(
            "contentSeconds",
            1,
            Hour,
            limits => limits.ContentTime,
            (limits, time) => limits with { ContentTime = time }
        ),
        OfLimits(
            "contentBytesPerMinute",
            0,
            1 << 30,
            limits => limits.ContentBytesPerMinute,
            (limits, n) => limits with { ContentBytesPerMinute = (int)n }
        ),
        OfLimits(
            "stallSeconds",
            0,
            24 * Hour,
            limits => limits.StallTime,
            (limits, time) => limits with { StallTime = time }
        ),
        OfLimits(
            "drainSeconds",
            0,
            Hour,
            limits => limits.DrainTime,
            (limits, time) => limits with { DrainTime = time }
        ),
        OfLimits(
            "lingerSeconds",
            0,
            60,
            limits => limits.LingerTime,
            (limits, time) => limits with { LingerTime = time }
        ),
        OfLimits(
            "lingerTotalSeconds",
            0,
            Hour,
            limits => limits.LingerTotalTime,
            (limits, time) => limits with { LingerTotalTime = time }
        ),
        OfLimits(
            "lingerBytesMax",
            0,
            1 << 30,
            limits => limits.LingerBytesMax,
            (limits, n) => limits with { LingerBytesMax = (int)n }
        ),
        new(
            "limits.connectSeconds",
            0.1,
            60,
            plan => plan.Ollama.ConnectLimit.TotalSeconds,
            (plan, n) => plan with { Ollama = plan.Ollama with { ConnectLimit = TimeSpan.FromSeconds(n) } }
        ),
    ];

    /// <summary>The members that lead to it.</summary>
    public string Path { get; }

    public double Least { get; }

    public double Most { get; }

    public Func<GatePlan, double> Get { get; }

    public Func<GatePlan, double, GatePlan> Set { get; }

    /// <summary>The object that it stands in; empty for the file's own.</summary>
    public string Within =>
        Path.Contains('.', StringComparison.Ordinal) ? Path[..Path.IndexOf('.', StringComparison.Ordinal)] : "";

    /// <summary>What it is called there.</summary>
    public string Name => Path[(Path.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>Only times can have a fraction.</summary>
    public bool IsWhole => !Path.EndsWith("Seconds", StringComparison.Ordinal);

    /// <summary>A number that could stand there.</summary>
    public string Example => Text(Math.Clamp(10, Least, Most));

    /// <summary>Says what is wrong with a number, and what to write; null when it is right.</summary>
    public string? ProblemOf(double number)
    {
        string range = $"a number from {Text(Least)} to {Text(Most)}";
        if (!(number >= Least && number <= Most))
            return $"{Text(number)} is out of range: write {range}";
        return IsWhole && number != Math.Floor(number) ? $"{Text(number)} is not a whole number: write {range}" : null;
    }

    private static NumberMember OfLimits(
        string name,
        double least,
        double most,
        Func<GateLimits, int> get,
        Func<GateLimits, double, GateLimits> set
    ) =>
        new(
            $"{Limits}.{name}",
            least,
            most,
            plan => get(plan.Limits),
            (plan, n) => plan with { Limits = set(plan.Limits, n) }
        );

    private static NumberMember OfLimits(
        string name,
        double least,
        double most,
        Func<GateLimits, TimeSpan> get,
        Func<GateLimits, TimeSpan, GateLimits> set
    ) =>
        new(
            $"{Limits}.{name}",
            least,
            most,
            plan => get(plan.Limits).TotalSeconds,
            (plan, n) => plan with { Limits = set(plan.Limits, TimeSpan.FromSeconds(n)) }
        );

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
