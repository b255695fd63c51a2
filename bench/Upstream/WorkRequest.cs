using System.Globalization;
using System.Text;

namespace FastGate.Bench.Upstream;

/// <summary>A workload's request to the upstream server. The query describes the response, since every peer forwards
/// the query.</summary>
internal sealed class WorkRequest
{
    private readonly Dictionary<string, string> _query;

    private WorkRequest(Dictionary<string, string> query, long contentLength)
    {
        _query = query;
        ContentLength = contentLength;
    }

    public string Work => _query.GetValueOrDefault("work", "");

    public long ContentLength { get; }

    public long Number(string name) => long.Parse(_query[name], CultureInfo.InvariantCulture);

    /// <param name="head">A whole head; a peer may have changed the case of its field names.</param>
    public static WorkRequest Read(ReadOnlySpan<byte> head)
    {
        string[] lines = Encoding.ASCII.GetString(head).Split("\r\n");
        string target = lines[0].Split(' ')[1];
        string[] pairs = target[(target.IndexOf('?') + 1)..].Split('&');
        string? length = lines.FirstOrDefault(line =>
            line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase)
        );
        return new WorkRequest(
            pairs
                .Select(pair => pair.Split('='))
                .Where(pair => pair.Length == 2)
                .ToDictionary(pair => pair[0], pair => pair[1]),
            length is null ? 0 : long.Parse(length["content-length:".Length..], CultureInfo.InvariantCulture)
        );
    }
}
