using System.Globalization;

namespace FastGate.Bench.Report;

/// <summary>Formats numbers for tables and charts, whose headings have the unit.</summary>
internal static class Figure
{
    public const string None = "";

    /// <summary>Formats with a fixed number of decimals, and commas between thousands.</summary>
    public static string Of(double value, int decimals = 1) =>
        double.IsFinite(value) ? value.ToString($"N{decimals}", CultureInfo.InvariantCulture) : None;

    /// <summary>Formats with three significant digits.</summary>
    public static string Short(double value) =>
        Math.Abs(value) switch
        {
            >= 100 => Of(value, 0),
            >= 10 => Of(value, 1),
            _ => Of(value, 2),
        };

    /// <summary>Formats a ratio such as <c>0.52 ×</c>; empty when either value is missing.</summary>
    public static string Times(double value, double of) => of > 0 && value > 0 ? $"{Of(value / of, 2)} ×" : None;
}
