using System.Globalization;

namespace FastGate.Test.Abuse;

/// <summary>
/// An ordinary client's exchanges, measured alternately without and with abusive clients, until the difference is
/// within its limit.
/// </summary>
/// <remarks>
/// Compares the best rounds of all tries: a busy machine can distort any round, and the median without abusive clients
/// can be worse than with them.
/// </remarks>
internal static class LatencyComparison
{
    private const double RatioMax = 2;

    // What the abusive clients' own threads and a busy machine add. Before the gate deprioritized floods, one connection
    // delayed others by 19 ms, and 200 delayed them by 5.6 s.
    private const double AddedMicrosecondsMax = 1000;

    // Repeat if the first rounds exceed the limit.
    private const int Tries = 5;

    /// <param name="subject">Names both measurements in the report; ends with "without" or the like.</param>
    /// <param name="rounds">Pairs of measurements in a try.</param>
    /// <param name="without">Measures without the abusive clients.</param>
    /// <param name="with">Measures with them.</param>
    /// <param name="isLimited">False to report one try, whatever the difference.</param>
    /// <returns>
    /// True if the p99 stayed within twice its value without the abusive clients, or within one millisecond of it.
    /// </returns>
    public static async Task<bool> RunAsync(
        string subject,
        int rounds,
        Func<Task<Percentiles>> without,
        Func<Task<Percentiles>> with,
        bool isLimited = true
    )
    {
        List<Percentiles> allWithout = [],
            allWith = [];
        bool isUnmoved = false;
        for (int i = 0; i < (isLimited ? Tries : 1) && !isUnmoved; i++)
        {
            for (int round = 0; round < rounds; round++)
            {
                allWithout.Add(await without());
                allWith.Add(await with());
            }
            isUnmoved = Report(subject, Best(allWithout), Best(allWith), allWith.Count, isLimited);
        }
        return isUnmoved || !isLimited;
    }

    private static Percentiles Best(List<Percentiles> all) => all.MinBy(percentiles => percentiles.P99)!;

    private static bool Report(string subject, Percentiles without, Percentiles with, int measured, bool isLimited)
    {
        string limit = isLimited
            ? string.Create(CultureInfo.InvariantCulture, $"at most {RatioMax}, or {AddedMicrosecondsMax} µs more")
            : "no limit";
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{subject}; an ordinary client, best of {measured} rounds: without {without}; with {with}; "
                    + $"p99 × {with.P99 / without.P99:F2} ({limit})"
            )
        );
        return with.P99 <= RatioMax * without.P99 || with.P99 - without.P99 <= AddedMicrosecondsMax;
    }
}
