namespace FastGate.Test.Differential;

/// <summary>One client's bytes (Latin-1 text), and the offsets at which they are cut into sends.</summary>
/// <param name="Index">Its number, which determines it together with the seed.</param>
/// <param name="Kind">How it was generated.</param>
/// <param name="Text">The bytes to send.</param>
/// <param name="Cuts">Ascending offsets at which the client pauses briefly, so that the pieces arrive
/// separately.</param>
/// <param name="WaitsForResponses">Whether the client waits for a response at each cut instead.</param>
internal sealed record StreamCase(
    int Index,
    string Kind,
    string Text,
    IReadOnlyList<int> Cuts,
    bool WaitsForResponses = false
)
{
    private const int ByteByByteMax = 500;

    /// <summary>Cuts the stream at up to four offsets or into single bytes, or leaves it whole.</summary>
    public StreamCase CutBy(Random random) =>
        random.Next(8) switch
        {
            < 3 => this,
            3 when Text.Length < ByteByByteMax => this with { Cuts = [.. Enumerable.Range(1, Text.Length - 1)] },
            _ => this with
            {
                Cuts =
                [
                    .. Enumerable
                        .Range(0, random.Next(1, 5))
                        .Select(_ => random.Next(1, Text.Length))
                        .Distinct()
                        .Order(),
                ],
            },
        };

    /// <summary>The stream in the corpus' notation.</summary>
    public override string ToString()
    {
        var visible = string.Concat(Text.Select(Visible));
        return $"stream {Index} ({Kind}{CutText}):\n{visible}";
    }

    private string CutText =>
        Cuts.Count switch
        {
            0 => "",
            < 10 => $", {(WaitsForResponses ? "waits" : "cut")} at {string.Join(' ', Cuts)}",
            _ => ", byte by byte",
        };

    private static string Visible(char c) =>
        c switch
        {
            '\r' => @"\r",
            '\n' => @"\n",
            '\t' => @"\t",
            '\0' => @"\0",
            '\\' => @"\\",
            < ' ' or > '~' => $@"\x{(int)c:x2}",
            _ => c.ToString(),
        };
}
