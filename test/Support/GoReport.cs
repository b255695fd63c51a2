using System.Text.Json;

namespace FastGate.Test.Support;

/// <summary>One request as Go's HTTP server understood it.</summary>
internal sealed record GoReport(
    string Connection,
    string Method,
    string RequestUri,
    string Path,
    string Host,
    string Proto,
    string[][] Fields,
    long ContentLength,
    bool Chunked,
    int ContentBytes,
    string ContentSha256,
    string ContentError
)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static GoReport Parse(string line) => JsonSerializer.Deserialize<GoReport>(line, Web)!;

    public override string ToString() => $"{Method} {Path} (target {RequestUri})";
}
