using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace FastGate.Commands.Check;

/// <summary>Makes the request head that a client would send out of what somebody typed: METHOD and a path or a whole
/// URL.</summary>
/// <param name="Method">As it was typed.</param>
/// <param name="Target">The path with its query.</param>
/// <param name="Bytes">The head.</param>
internal sealed record RequestText(string Method, string Target, byte[] Bytes)
{
    private const string Example = "write a method and a path, such as: fastgate check GET /api/tags";

    /// <summary>Nothing is repaired: what the gate would refuse is put before it as it is.</summary>
    public static bool TryRead(
        IReadOnlyList<string> words,
        [NotNullWhen(true)] out RequestText? request,
        [NotNullWhen(false)] out string? problem
    )
    {
        request = null;
        // People also quote the two together.
        string[] parts = words is [var both]
            ? both.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [.. words];
        problem = parts switch
        {
            [var word] when word.Contains('/', StringComparison.Ordinal) =>
                $"The method is missing: fastgate check GET {word}",
            [var word] => $"The path is missing: fastgate check {word} /api/tags",
            [_, _] when parts.Any(part => part.AsSpan().ContainsAny('\r', '\n')) =>
                $"A line end cannot be in a request line: {Example}",
            [{ Length: > 0 }, { Length: > 0 }] => null,
            _ => $"There is no request in this: {Example}",
        };
        if (problem is not null)
            return false;
        request = Of(parts[0], parts[1]);
        return true;
    }

    private static RequestText Of(string method, string url)
    {
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        // The first bytes of a TLS ClientHello (RFC 8446 §5.1), which is what arrives then.
        if (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return new RequestText(method, url, [0x16, 0x03, 0x01, 0x00, 0x00]);
        if (!url.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            return Of(method, url, "localhost");
        string rest = url[(scheme + 3)..];
        int end = rest.IndexOfAny(['/', '?']);
        string authority = end < 0 ? rest : rest[..end];
        string target =
            end < 0 ? "/"
            : rest[end] == '?' ? $"/{rest[end..]}"
            : rest[end..];
        // Clients keep a user's name and password to themselves.
        return Of(method, target, authority[(authority.LastIndexOf('@') + 1)..]);
    }

    private static RequestText Of(string method, string target, string host) =>
        new(method, target, Encoding.UTF8.GetBytes($"{method} {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
}
