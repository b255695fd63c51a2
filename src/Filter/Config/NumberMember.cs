using System.Globalization;
using FastGate.Proxy.Gate;

namespace FastGate.Config;

/// <summary>A config member that is a number: its name, its range, and the option it sets.</summary>
internal sealed record NumberMember
{
    /// <summary>The name of the object with the limits.</summary>
    public const string Limits = "limits";

    /// <summary>The name of the object with the metrics endpoints.</summary>
    public const string Metrics = "metrics";

    private const double Hour = 3600;

    private NumberMember(
        string path,
        double min,
        double max,
        Func<GatePlan, double> get,
        Func<GatePlan, double, GatePlan> set
    ) => (Path, Min, Max, Get, Set) = (path, min, max, get, set);

    /// <summary>All number members. Their defaults, with the sources, are in the options types.</summary>
    public static IReadOnlyList<NumberMember> All { get; } =
    [
        new("loops", 1, 64, plan => plan.Loops, (plan, n) => plan with { Loops = (int)n }),
        new(
            "readyConnections",
            0,
            64,
            plan => plan.Ollama.ReadyConnections,
            (plan, n) => plan with { Ollama = plan.Ollama with { ReadyConnections = (int)n } }
        ),
        // Off by default: anyone who can log in to this machine can read a port.
        new(
            $"{Metrics}.port",
            0,
            ushort.MaxValue,
            plan => plan.MetricsPort,
            (plan, n) => plan with { MetricsPort = (int)n }
        ),
        // A connection takes two descriptors, and macOS limits a process to 10,240 by default.
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
        // At most what a loop's buffer holds, and at least what recorded clients send.
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

    /// <summary>The JSON path: <c>limits.headSeconds</c>.</summary>
    public string Path { get; }

    public double Min { get; }

    public double Max { get; }

    public Func<GatePlan, double> Get { get; }

    public Func<GatePlan, double, GatePlan> Set { get; }

    /// <summary>The object that contains the member; empty at the top level.</summary>
    public string Section =>
        Path.Contains('.', StringComparison.Ordinal) ? Path[..Path.IndexOf('.', StringComparison.Ordinal)] : "";

    /// <summary>The member's name in its <see cref="Section"/>.</summary>
    public string Name => Path[(Path.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>Only times may have a fraction.</summary>
    public bool IsWhole => !Path.EndsWith("Seconds", StringComparison.Ordinal);

    /// <summary>A valid value, for messages.</summary>
    public string Example => Text(Math.Clamp(10, Min, Max));

    /// <summary>Returns what is wrong with a number and what to write instead, or null if it is valid.</summary>
    public string? ProblemOf(double number)
    {
        string range = $"from {Text(Min)} to {Text(Max)}";
        if (!(number >= Min && number <= Max))
            return $"{Text(number)} is out of range; write a number {range}";
        return IsWhole && number != Math.Floor(number)
            ? $"{Text(number)} is not a whole number; write one {range}"
            : null;
    }

    private static NumberMember OfLimits(
        string name,
        double min,
        double max,
        Func<GateLimits, int> get,
        Func<GateLimits, double, GateLimits> set
    ) =>
        new(
            $"{Limits}.{name}",
            min,
            max,
            plan => get(plan.Limits),
            (plan, n) => plan with { Limits = set(plan.Limits, n) }
        );

    private static NumberMember OfLimits(
        string name,
        double min,
        double max,
        Func<GateLimits, TimeSpan> get,
        Func<GateLimits, TimeSpan, GateLimits> set
    ) =>
        new(
            $"{Limits}.{name}",
            min,
            max,
            plan => get(plan.Limits).TotalSeconds,
            (plan, n) => plan with { Limits = set(plan.Limits, TimeSpan.FromSeconds(n)) }
        );

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
