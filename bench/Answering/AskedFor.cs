using System.Globalization;
using System.Text;

namespace FastGate.Bench.Answering;

/// <summary>What a workload's request asks the answering server for: the query says it, since every peer passes
/// that.</summary>
internal sealed class AskedFor
{
    private readonly Dictionary<string, string> _query;

    private AskedFor(Dictionary<string, string> query, long contentLength)
    {
        _query = query;
        ContentLength = contentLength;
    }

    public string Work => _query.GetValueOrDefault("work", "");

    public long ContentLength { get; }

    public long Number(string name) => long.Parse(_query[name], CultureInfo.InvariantCulture);

    /// <param name="head">A whole head; peers may have changed the case of its field names.</param>
    public static AskedFor Read(ReadOnlySpan<byte> head)
    {
        string[] lines = Encoding.ASCII.GetString(head).Split("\r\n");
        string target = lines[0].Split(' ')[1];
        string[] pairs = target[(target.IndexOf('?') + 1)..].Split('&');
        string? length = lines.FirstOrDefault(line =>
            line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase)
        );
        return new AskedFor(
            pairs
                .Select(pair => pair.Split('='))
                .Where(pair => pair.Length == 2)
                .ToDictionary(pair => pair[0], pair => pair[1]),
            length is null ? 0 : long.Parse(length["content-length:".Length..], CultureInfo.InvariantCulture)
        );
    }
}
