using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FastGate.Commands.Logs;

/// <summary>Parses a past time: <c>30m</c>, <c>2h</c>, <c>7d</c>, a date, or a date with a time of day.</summary>
internal static class SinceText
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm",
        "yyyy-MM-dd HH:mm",
        "yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-MM-dd HH:mm:ss",
    ];

    /// <summary>Parses a time; without a zone it is local. The problem says what to write instead.</summary>
    public static bool TryParse(
        string text,
        DateTimeOffset now,
        out DateTimeOffset since,
        [NotNullWhen(false)] out string? problem
    )
    {
        problem = null;
        since = default;
        if (TryParseAgo(text, out TimeSpan ago) && ago < now - DateTimeOffset.UnixEpoch)
        {
            since = now - ago;
            return true;
        }
        if (
            DateTime.TryParseExact(
                text,
                Formats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeLocal,
                out DateTime local
            )
        )
        {
            since = local;
            return true;
        }
        if (
            text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out since)
        )
            return true;
        problem =
            $"--since: \"{text}\" is not a valid time: write one such as 30m, 2h, 7d, 2026-11-20 or 2026-11-20T18:30";
        return false;
    }

    private static bool TryParseAgo(string text, out TimeSpan ago)
    {
        ago = default;
        if (
            text.Length < 2
            || !uint.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
        )
            return false;
        long seconds = text[^1] switch
        {
            's' => number,
            'm' => number * 60L,
            'h' => number * 3600L,
            'd' => number * 86_400L,
            _ => -1,
        };
        if (seconds < 0 || seconds > TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerSecond)
            return false;
        ago = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
