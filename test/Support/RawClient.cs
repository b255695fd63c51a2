using System.Globalization;
using System.Net;
using System.Text;

namespace FastGate.Test.Support;

/// <summary>
/// A raw HTTP/1.1 client that reads responses strictly: one wrong byte of framing is an exception.
/// </summary>
internal sealed class RawClient(RawConnection connection) : IDisposable
{
    public RawConnection Connection { get; } = connection;

    public static async Task<RawClient> ConnectAsync(
        IPEndPoint endpoint,
        IPAddress? from = null,
        int? receiveBytes = null
    ) => new(await RawConnection.ConnectAsync(endpoint, from, receiveBytes));

    public Task SendAsync(string latin1) => Connection.SendAsync(Encoding.Latin1.GetBytes(latin1));

    /// <summary>Reads one response by its framing (RFC 9112 §6.3), interim ones too.</summary>
    public async Task<RawResponse> ReadResponseAsync(bool toHead = false)
    {
        var lines = Encoding
            .Latin1.GetString(await Connection.ReadThroughAsync("\r\n\r\n"u8.ToArray()))[..^4]
            .Split("\r\n");
        int status = StatusOf(lines[0]);
        var head = new RawResponse(status, [.. lines.Skip(1).Select(FieldOf)], []);
        return head with { Content = await ReadContentAsync(head, toHead) };
    }

    /// <summary>Sends a request and reads its final response.</summary>
    public async Task<RawResponse> ExchangeAsync(string request)
    {
        await SendAsync(request);
        RawResponse response;
        do response = await ReadResponseAsync(request.StartsWith("HEAD ", StringComparison.Ordinal));
        while (response.Status < 200);
        return response;
    }

    public void Dispose() => Connection.Dispose();

    private async Task<byte[]> ReadContentAsync(RawResponse head, bool toHead)
    {
        if (toHead || head.Status is < 200 or 204 or 304)
            return [];
        string? coding = head.Field("Transfer-Encoding"),
            length = head.Field("Content-Length");
        if (coding is not null && length is not null)
            throw new InvalidDataException("Both a length and a coding.");
        if (coding is not null)
            return coding == "chunked" ? await ReadChunksAsync() : throw new InvalidDataException(coding);
        if (length is null)
            return await Connection.ReadToEndAsync();
        return await Connection.ReadExactlyAsync(int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private async Task<byte[]> ReadChunksAsync()
    {
        var content = new MemoryStream();
        while (true)
        {
            var line = Encoding.Latin1.GetString(await Connection.ReadThroughAsync("\r\n"u8.ToArray()))[..^2];
            int size = int.Parse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            var chunk = await Connection.ReadExactlyAsync(size + 2);
            if (chunk is not [.., (byte)'\r', (byte)'\n'])
                throw new InvalidDataException("A chunk without its CRLF.");
            if (size == 0)
                return content.ToArray();
            content.Write(chunk.AsSpan(0, size));
        }
    }

    private static int StatusOf(string line) =>
        line.Length >= 13
        && line.StartsWith("HTTP/1.", StringComparison.Ordinal)
        && line[7] is '0' or '1'
        && line[8] == ' '
        && line[12] == ' '
            ? int.Parse(line.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture)
            : throw new InvalidDataException($"Not a status line: {line}");

    private static (string Name, string Value) FieldOf(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || line.AsSpan(0, colon).ContainsAny(" \t\r\n"))
            throw new InvalidDataException($"Not a field line: {line}");
        return (line[..colon], line[(colon + 1)..].Trim());
    }
}
