using System.Globalization;

namespace FastGate.Test.Httplib;

/// <summary>A request head as parsed by cpp-httplib (Latin-1).</summary>
internal sealed record HttplibHead(string Method, string Target, string Version)
{
    private static readonly string[] Methods =
    [
        "GET",
        "HEAD",
        "POST",
        "PUT",
        "DELETE",
        "CONNECT",
        "OPTIONS",
        "TRACE",
        "PATCH",
        "PRI",
    ];

    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    public string Path => Uri.UnescapeDataString(Target.Split('?')[0]);

    public string Query => Target.Split('?', 2) is [_, var query] ? query : "";

    /// <summary>Whether the test requests a response before the content.</summary>
    public bool WantsHaste => Query.Contains("do=hasty", StringComparison.Ordinal);

    public bool IsChunked => Field("Transfer-Encoding").Equals("chunked", StringComparison.OrdinalIgnoreCase);

    /// <summary>The Content-Length; -1 if there is none.</summary>
    public long ContentLength =>
        long.TryParse(Field("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out long length)
            ? length
            : -1;

    public bool ReadsContent => Method is "POST" or "PUT" or "PATCH" or "PRI" or "DELETE";

    public bool Closes =>
        Field("Connection") == "close" || (Version == "HTTP/1.0" && Field("Connection") != "Keep-Alive");

    /// <summary>Parses a request line; null unless it has three words, a known method, and HTTP/1.0 or 1.1.</summary>
    public static HttplibHead? Parse(string line) =>
        line.TrimEnd('\r', '\n').Split(' ') is [var method, var target, var version]
        && Methods.Contains(method)
        && version is "HTTP/1.1" or "HTTP/1.0"
            ? new HttplibHead(method, target, version)
            : null;

    /// <summary>Adds a field line; false if the line is invalid.</summary>
    public bool TryAdd(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1)
            return false;
        return _fields.TryAdd(line[..colon], line[(colon + 1)..].Trim(' ', '\t')) || _fields.ContainsKey(line[..colon]);
    }

    public string Field(string name) => _fields.GetValueOrDefault(name, "");
}
