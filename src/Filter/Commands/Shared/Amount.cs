using System.Globalization;

namespace FastGate.Commands.Shared;

/// <summary>Times and sizes as people read them: a unit each, two or three figures, no wider than
/// <see cref="WidthMax"/>.</summary>
internal static class Amount
{
    public const int WidthMax = 6;

    private static readonly string[] ByteUnits = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Decimal units, as disks and networks are sold.</summary>
    public static string Bytes(long bytes)
    {
        double amount = Math.Max(0, bytes);
        int unit = 0;
        // From 999.5 on it would be rounded to four figures.
        for (; amount >= 999.5 && unit < ByteUnits.Length - 1; unit++)
            amount /= 1000;
        return unit == 0 ? Say(amount, "0", ByteUnits[unit]) : Figures(amount, ByteUnits[unit]);
    }

    /// <summary>From microseconds to days; a dash for what there is not.</summary>
    public static string Milliseconds(double? milliseconds) =>
        milliseconds switch
        {
            null or < 0 or double.NaN => "-",
            < 0.9995 => Say(milliseconds.Value * 1000, "0", "µs"),
            < 999.5 => Figures(milliseconds.Value, "ms"),
            < 59_950 => Figures(milliseconds.Value / 1000, "s"),
            _ => Time(TimeSpan.FromMilliseconds(Math.Min(milliseconds.Value, uint.MaxValue * 1000.0))),
        };

    /// <summary>Minutes and longer: <c>3m05s</c>, <c>2h10m</c>, <c>5d03h</c>; seconds below.</summary>
    public static string Time(TimeSpan time)
    {
        time = TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
        CultureInfo invariant = CultureInfo.InvariantCulture;
        return time.TotalMinutes < 1 ? string.Create(invariant, $"{time.Seconds} s")
            : time.TotalHours < 1 ? string.Create(invariant, $"{time.Minutes}m{time.Seconds:00}s")
            : time.TotalDays < 1 ? string.Create(invariant, $"{time.Hours}h{time.Minutes:00}m")
            : string.Create(invariant, $"{time.Days}d{time.Hours:00}h");
    }

    private static string Figures(double amount, string unit) => Say(amount, amount < 9.95 ? "0.0" : "0", unit);

    private static string Say(double amount, string format, string unit) =>
        $"{amount.ToString(format, CultureInfo.InvariantCulture)} {unit}";
}
