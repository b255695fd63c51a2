using System.Globalization;

namespace FastGate.Commands.Shared;

/// <summary>Formats bytes, times, counts and shares for people, in every verb alike. Two or three digits and a unit:
/// measured times are no more precise than that, since a histogram's quantile may be an eighth too large.</summary>
internal static class TextFormat
{
    /// <summary>Width in characters that fits every size and every time below 100 days.</summary>
    public const int WidthMax = 6;

    /// <summary>Text for a value that does not exist.</summary>
    public const string None = "-";

    private static readonly string[] ByteUnits = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Formats a size in decimal units, as disks and networks are sold: <c>1.2 MB</c>, <c>45 GB</c>.</summary>
    public static string Bytes(long bytes)
    {
        double amount = Math.Max(0, bytes);
        int unit = 0;
        // 999.5 and more would round to four digits.
        for (; amount >= 999.5 && unit < ByteUnits.Length - 1; unit++)
            amount /= 1000;
        return unit == 0 ? Whole(amount, ByteUnits[unit]) : Rounded(amount, ByteUnits[unit]);
    }

    /// <summary>Formats a time, from nanoseconds to days: <c>41 µs</c>, <c>1.2 ms</c>, <c>3m05s</c>.</summary>
    /// <returns><see cref="None"/> for null, NaN and negative times.</returns>
    public static string Time(double? seconds) =>
        seconds switch
        {
            null or < 0 or double.NaN => None,
            0 => "0 µs",
            < 999.5e-9 => Whole(seconds.Value * 1e9, "ns"),
            < 999.5e-6 => Whole(seconds.Value * 1e6, "µs"),
            < 0.9995 => Rounded(seconds.Value * 1e3, "ms"),
            < 59.95 => Rounded(seconds.Value, "s"),
            _ => Duration(TimeSpan.FromSeconds(Math.Min(seconds.Value, uint.MaxValue))),
        };

    /// <summary>Formats a duration in whole seconds, as its two largest units: <c>12 s</c>, <c>3m05s</c>,
    /// <c>2h10m</c>, <c>5d03h</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        time = TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
        CultureInfo invariant = CultureInfo.InvariantCulture;
        return time.TotalMinutes < 1 ? string.Create(invariant, $"{time.Seconds} s")
            : time.TotalHours < 1 ? string.Create(invariant, $"{time.Minutes}m{time.Seconds:00}s")
            : time.TotalDays < 1 ? string.Create(invariant, $"{time.Hours}h{time.Minutes:00}m")
            : string.Create(invariant, $"{time.Days}d{time.Hours:00}h");
    }

    /// <summary>Formats a count with a comma between thousands.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Formats a count with its noun: <c>1 rule</c>, <c>1,200 rules</c>.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Formats a part of a whole in percent; <see cref="None"/> when the whole is 0.</summary>
    public static string Share(long part, long whole) =>
        whole == 0 ? None : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");

    private static string Whole(double amount, string unit) => Text(amount, "0", unit);

    private static string Rounded(double amount, string unit) => Text(amount, amount < 9.95 ? "0.0" : "0", unit);

    private static string Text(double amount, string format, string unit) =>
        $"{amount.ToString(format, CultureInfo.InvariantCulture)} {unit}";
}
