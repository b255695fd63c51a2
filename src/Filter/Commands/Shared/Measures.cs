using System.Globalization;

namespace FastGate.Commands.Shared;

/// <summary>Numbers as people read them: three digits that count, and a unit.</summary>
internal static class Measures
{
    private static readonly string[] ByteUnits = ["B", "kB", "MB", "GB", "TB", "PB"];

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>From nanoseconds to hours.</summary>
    public static string Time(double seconds) =>
        seconds switch
        {
            0 => "-",
            < 999.5e-9 => $"{Digits(seconds * 1e9)} ns",
            < 999.5e-6 => $"{Digits(seconds * 1e6)} µs",
            < 0.9995 => $"{Digits(seconds * 1e3)} ms",
            < 119.5 => $"{Digits(seconds)} s",
            _ => Span(seconds),
        };

    /// <summary>Whole minutes, hours and days: the two largest that there are.</summary>
    public static string Span(double seconds)
    {
        TimeSpan time = TimeSpan.FromSeconds(Math.Floor(seconds));
        if (time.TotalMinutes < 1)
            return $"{time.Seconds} s";
        if (time.TotalHours < 1)
            return $"{time.Minutes} min {time.Seconds} s";
        return time.TotalDays < 1 ? $"{time.Hours} h {time.Minutes} min" : $"{time.Days} d {time.Hours} h";
    }

    /// <summary>Thousands, as disks and networks count.</summary>
    public static string Bytes(long bytes)
    {
        int unit = 0;
        double number = bytes;
        for (; number >= 999.5 && unit < ByteUnits.Length - 1; unit++)
            number /= 1000;
        return $"{(unit == 0 ? Count(bytes) : Digits(number))} {ByteUnits[unit]}";
    }

    /// <summary>A part in percent; nothing of nothing is nothing.</summary>
    public static string Share(long part, long whole) =>
        whole == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");

    private static string Digits(double number) =>
        number.ToString(
            number < 9.995 ? "0.00"
                : number < 99.95 ? "0.0"
                : "0",
            CultureInfo.InvariantCulture
        );
}
