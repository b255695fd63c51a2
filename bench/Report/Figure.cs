using System.Globalization;

namespace FastGate.Bench.Report;

/// <summary>Numbers as text, the same for screen, report and chart.</summary>
internal static class Figure
{
    public const string None = "";

    /// <summary>With so many digits behind the point, and commas between thousands.</summary>
    public static string Of(double value, int decimals = 1) =>
        double.IsFinite(value) ? value.ToString($"N{decimals}", CultureInfo.InvariantCulture) : None;

    /// <summary>With three digits that count.</summary>
    public static string Short(double value) =>
        Math.Abs(value) switch
        {
            >= 100 => Of(value, 0),
            >= 10 => Of(value, 1),
            _ => Of(value, 2),
        };

    /// <summary>A ratio such as <c>0.52 ×</c>; nothing where there is nothing to compare with.</summary>
    public static string Times(double value, double of) => of > 0 && value > 0 ? $"{Of(value / of, 2)} ×" : None;
}
