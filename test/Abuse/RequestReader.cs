using System.Globalization;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>Reads requests from a connection as strictly as an upstream behind a gate may expect.</summary>
internal static class RequestReader
{
    /// <summary>Reads the next request; null if the connection ends between two requests.</summary>
    public static async Task<(string Method, string Target, byte[] Content)?> ReadAsync(RawConnection from)
    {
        if (from.Held.IsEmpty && !await HasMoreAsync(from))
            return null;
        string[] lines = Encoding
            .Latin1.GetString(await from.ReadThroughAsync("\r\n\r\n"u8.ToArray()))[..^4]
            .Split("\r\n");
        string[] words = lines[0].Split(' ');
        if (words is not [_, ['/', ..], "HTTP/1.1"])
            throw new InvalidDataException($"Not a request line: {lines[0]}");
        string? length = FieldOf(lines, "Content-Length: ");
        byte[] content = FieldOf(lines, "Transfer-Encoding: ") is not null
            ? await ReadChunksAsync(from)
            : await from.ReadExactlyAsync(
                length is null ? 0 : int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture)
            );
        return (words[0], words[1], content);
    }

    // A ready connection may stay silent for any length of time.
    private static async Task<bool> HasMoreAsync(RawConnection from)
    {
        while (true)
        {
            try
            {
                return await from.ReceiveAsync();
            }
            catch (TimeoutException)
            {
                // The connection is still unused.
            }
        }
    }

    private static string? FieldOf(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.OrdinalIgnoreCase))?[name.Length..];

    private static async Task<byte[]> ReadChunksAsync(RawConnection from)
    {
        using MemoryStream content = new();
        while (true)
        {
            string line = Encoding.Latin1.GetString(await from.ReadThroughAsync("\r\n"u8.ToArray()))[..^2];
            int size = int.Parse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            byte[] chunk = await from.ReadExactlyAsync(size + 2);
            if (chunk is not [.., (byte)'\r', (byte)'\n'])
                throw new InvalidDataException("A chunk without its CRLF.");
            if (size == 0)
                return content.ToArray();
            content.Write(chunk.AsSpan(0, size));
        }
    }
}
