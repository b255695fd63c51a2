using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace FastGate.Commands.Check;

/// <summary>The request head that a client would send, built from a method and a path or URL on the command
/// line.</summary>
/// <param name="Method">As typed.</param>
/// <param name="Target">The path with its query.</param>
/// <param name="Bytes">The head.</param>
internal sealed record RequestText(string Method, string Target, byte[] Bytes)
{
    private const string Example = "write a method and a path, such as: fastgate check GET /api/tags";

    /// <summary>Corrects nothing, so that the gate sees an invalid request exactly as typed.</summary>
    public static bool TryParse(
        IReadOnlyList<string> words,
        [NotNullWhen(true)] out RequestText? request,
        [NotNullWhen(false)] out string? problem
    )
    {
        request = null;
        // Method and path may also be quoted as one argument.
        string[] parts = words is [var both]
            ? both.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [.. words];
        problem = parts switch
        {
            [var word] when word.Contains('/', StringComparison.Ordinal) =>
                $"the method is missing; write: fastgate check GET {word}",
            [var word] => $"the path is missing; write: fastgate check {word} /api/tags",
            [_, _] when parts.Any(part => part.AsSpan().ContainsAny('\r', '\n')) =>
                $"a request line cannot contain a line break: {Example}",
            [{ Length: > 0 }, { Length: > 0 }] => null,
            _ => $"the method or the path is empty: {Example}",
        };
        if (problem is not null)
            return false;
        request = Of(parts[0], parts[1]);
        return true;
    }

    private static RequestText Of(string method, string url)
    {
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        // https: what arrives is a TLS ClientHello; these are its first bytes (RFC 8446 §5.1).
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
        // Clients do not put a URL's user name and password into the Host field.
        return Of(method, target, authority[(authority.LastIndexOf('@') + 1)..]);
    }

    private static RequestText Of(string method, string target, string host) =>
        new(method, target, Encoding.UTF8.GetBytes($"{method} {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
}
