using System.Globalization;

namespace FastGate.Test.Abuse;

/// <summary>The duration of a soak and the seed that determines everything in it.</summary>
internal sealed record SoakOptions(TimeSpan Duration, int Seed)
{
    public const string Usage = "soak [--minutes M | --seconds S] [--seed N]";

    private const double WarmUpPart = 0.2;
    private static readonly TimeSpan WarmUpMax = TimeSpan.FromMinutes(1);

    /// <summary>Time before the first figures, in which late compilation and one-time growth finish.</summary>
    public TimeSpan WarmUp => TimeSpan.FromTicks(Math.Min((long)(Duration.Ticks * WarmUpPart), WarmUpMax.Ticks));

    /// <summary>Time from the first figures to the second, and from the second to the last.</summary>
    public TimeSpan Half => (Duration - WarmUp) / 2;

    public static SoakOptions? TryParse(string[] words)
    {
        SoakOptions options = new(TimeSpan.FromMinutes(10), Random.Shared.Next(1_000_000));
        if (words.Length % 2 != 0)
            return null;
        foreach (string[] pair in words.Chunk(2))
        {
            if (!int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                return null;
            SoakOptions? next = pair[0] switch
            {
                "--minutes" when number > 0 => options with { Duration = TimeSpan.FromMinutes(number) },
                "--seconds" when number > 0 => options with { Duration = TimeSpan.FromSeconds(number) },
                "--seed" => options with { Seed = number },
                _ => null,
            };
            if (next is null)
                return null;
            options = next;
        }
        return options;
    }
}
