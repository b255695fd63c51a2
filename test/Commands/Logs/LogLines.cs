using FastGate.Proxy.AccessLog;

namespace FastGate.Test.Commands.Logs;

/// <summary>Creates lines of an access log.</summary>
internal static class LogLines
{
    public static readonly DateTimeOffset Time = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Creates the line of a request with a verdict and the rule that allowed it.</summary>
    public static LogLine Of(
        string request,
        string verdict = "allowed",
        string? rule = null,
        string peer = "100.64.0.7",
        double duration = 1
    ) =>
        new()
        {
            Time = Time,
            Peer = peer,
            Method = request[..request.IndexOf(' ', StringComparison.Ordinal)],
            Path = request[(request.IndexOf(' ', StringComparison.Ordinal) + 1)..],
            Verdict = verdict,
            Rule = rule,
            Status = verdict == "allowed" ? 200 : 403,
            DurationMilliseconds = duration,
        };

    public static LogLine Dropped(long count) => new() { Time = Time, Dropped = count };
}
