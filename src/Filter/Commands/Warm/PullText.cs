using System.Globalization;
using FastGate.Commands.Shared;

namespace FastGate.Commands.Warm;

/// <summary>How far a pull is, in words.</summary>
internal static class PullText
{
    /// <summary>Such as <c>42 %, 2.1 GB of 4.9 GB, 52 MB/s, 53 s left</c>; what cannot be said is left out.</summary>
    public static string Say(PullFigures figures)
    {
        if (figures.Total == 0)
            return TerminalText.Sentence(figures.Status);
        // Ollama verifies and unpacks when all is there.
        if (figures.Completed == figures.Total && !figures.Status.StartsWith("pulling", StringComparison.Ordinal))
            return TerminalText.Sentence(figures.Status);
        string rate = figures.Rate is { } perSecond ? $", {Amount.Bytes((long)perSecond)}/s" : "";
        string left =
            figures.Left is { } time && figures.Completed < figures.Total ? $", {Amount.Time(time)} left" : "";
        return $"{Percent(figures)}, {Amount.Bytes(figures.Completed)} of {Amount.Bytes(figures.Total)}{rate}{left}";
    }

    /// <summary>Rounded down: 100 % is all of it.</summary>
    public static string Percent(PullFigures figures) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(figures.Share * 100):0} %");
}
