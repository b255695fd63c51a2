using System.Globalization;

namespace FastGate.Config;

/// <summary>The member <c>poll</c>: <c>auto</c>, <c>off</c>, or microseconds.</summary>
internal static class PollMember
{
    public const string Auto = "auto";

    private const string Off = "off";

    // Longer than any wake-up: a response that takes longer gains nothing from polling.
    private const int MicrosecondsMax = 1000;

    /// <param name="member">Null if it is not set.</param>
    /// <param name="problems">Receives a problem when the value is invalid.</param>
    /// <returns>Zero for off; null for auto.</returns>
    public static TimeSpan? Read(Sourced<string>? member, List<Problem> problems)
    {
        if (member is null or { Value: Auto })
            return null;
        if (member.Value == Off)
            return TimeSpan.Zero;
        if (
            int.TryParse(member.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int microseconds)
            && microseconds <= MicrosecondsMax
        )
            return TimeSpan.FromMicroseconds(microseconds);
        problems.Add(
            new Problem(
                member.Location,
                $"{member.Value} is not valid here; write \"{Auto}\", \"{Off}\", or whole microseconds from 0 to "
                    + $"{MicrosecondsMax}"
            )
        );
        return null;
    }
}
