namespace FastGate.Commands.Doctor;

/// <summary>
/// Spellings of a request that some servers read as a different request. None has content, so Ollama itself would
/// refuse each (400, "missing request body") if it got through.
/// </summary>
internal static class OddSpellings
{
    /// <summary>The request spelled plainly, and then all the others.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">A path of two or more segments, without anything to escape.</param>
    public static IEnumerable<string> Of(string method, string path)
    {
        int second = path.IndexOf('/', 1);
        string first = path[..second];
        string rest = path[second..];
        string encoded = $"/%{(int)path[1]:x2}{path[2..]}";
        yield return Plain(method, path);
        yield return Plain(method, encoded);
        yield return Plain(method, $"{path[..^1]}%{(int)path[^1]:X2}");
        yield return Plain(method, $"{first}%2f{rest[1..]}");
        yield return Plain(method, $"/{path}");
        yield return Plain(method, $"{first}/{rest}");
        yield return Plain(method, $"{path}/");
        yield return Plain(method, $"/v1/..{path}");
        yield return Plain(method, $"/v1/%2e%2e{path}");
        yield return Plain(method, $"{first}/.{rest}");
        yield return Plain(method, $"{first.ToUpperInvariant()}{rest}");
        yield return Plain(method, $"{path}?x=/api/version");
        yield return Plain(method, $"{path};x");
        yield return Plain(method, $"{path}#/api/version");
        yield return Plain(method, path.Replace('/', '\\'));
        yield return Plain(method, $"http://localhost{path}");
        yield return Plain(method, $"x:{path}");
        yield return Plain(method.ToLowerInvariant(), path);
        yield return Plain(method, path).Replace(" HTTP/1.1", "  HTTP/1.1", StringComparison.Ordinal);
        yield return Plain(method, path).Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal);
        yield return Plain(method, path).Replace("\r\n", "\n", StringComparison.Ordinal);
        yield return "\r\n" + Plain(method, path);
    }

    /// <summary>Two requests in one. The gate has to refuse the first, because two servers could read it
    /// differently.</summary>
    public static IEnumerable<string> Hidden(string method, string path)
    {
        string hidden = Plain(method, path);
        yield return (
            $"GET /api/version HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nTransfer-Encoding: "
            + $"chunked\r\n\r\n0\r\n\r\n{hidden}"
        );
        yield return (
            $"POST /api/show HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            + $"0\r\nContent-Length: {hidden.Length}\r\n\r\n{hidden}"
        );
        yield return (
            $"POST /api/show HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, "
            + $"identity\r\n\r\n0\r\n\r\n{hidden}"
        );
        yield return (
            $"GET /api/version HTTP/1.1\r\nHost: localhost\r\nX: 1\r\n "
            + $"Content-Length: {hidden.Length}\r\n\r\n{hidden}"
        );
        yield return $"GET /api/version HTTP/1.1\r\nHost: localhost\nX: 1\r\n\r\n{hidden}";
    }

    /// <summary>Two requests on one connection, one after the other: the gate has to check each.</summary>
    public static string Second(string firstMethod, string firstPath, string method, string path) =>
        $"{firstMethod} {firstPath} HTTP/1.1\r\nHost: localhost\r\n\r\n{Plain(method, path)}";

    private static string Plain(string method, string path)
    {
        string length = method == "GET" ? "" : "Content-Length: 0\r\n";
        return $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{length}Connection: close\r\n\r\n";
    }
}
