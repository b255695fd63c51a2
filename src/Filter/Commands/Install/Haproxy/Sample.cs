namespace FastGate.Commands.Install.Haproxy;

/// <summary>What a fetch such as <c>path</c> or <c>hdr(host)</c> finds in a request.</summary>
/// <param name="IsKnown">Its value can be told from here.</param>
/// <param name="Text">Null if the request has no such thing.</param>
/// <param name="Number">For counts and for what is true or false.</param>
internal readonly record struct Sample(bool IsKnown, string? Text = null, long? Number = null)
{
    public static Sample Unknown => default;

    /// <summary>The request has no such thing.</summary>
    public static Sample Absent => new(true);

    public static Sample Of(string? text) => text is null ? Unknown : new Sample(true, text);

    public static Sample Of(long number) => new(true, null, number);

    public static Sample Of(bool value) => new(true, null, value ? 1 : 0);
}
