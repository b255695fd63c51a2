using System.Globalization;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Httplib;

/// <summary>One connection of a <see cref="HttplibServer"/>.</summary>
/// <remarks>
/// The real server discards received bytes beyond a request, 4 KiB at most. This one discards nothing, so an attack
/// that needs luck there works every time here.
/// </remarks>
/// <param name="socket">The connection; the caller closes it.</param>
/// <param name="version">The version whose parsing to follow.</param>
/// <param name="report">Receives every request that was understood.</param>
internal sealed class HttplibConnection(Socket socket, HttplibVersion version, Action<HttplibHead, byte[]> report)
{
    // CPPHTTPLIB_REQUEST_URI_MAX_LENGTH and CPPHTTPLIB_HEADER_MAX_LENGTH (a line including its CRLF), and
    // CPPHTTPLIB_HEADER_MAX_COUNT.
    private const int LineBytesMax = 8192;
    private const int FieldsMax = 100;

    private readonly byte[] _received = new byte[4096];
    private int _at;
    private int _end;
    private volatile bool _carried;

    /// <summary>Whether a byte has arrived or is buffered.</summary>
    public bool IsBusy
    {
        get
        {
            try
            {
                return _carried || socket.Available > 0;
            }
            catch (ObjectDisposedException)
            {
                // The connection has just ended.
                return false;
            }
        }
    }

    /// <summary>Serves until one side ends the connection.</summary>
    public async Task RunAsync()
    {
        bool goesOn = true;
        while (goesOn && await ReadLineAsync() is { } line)
            goesOn = await ServeAsync(line);
    }

    // Every refusal of a head returns true: what follows is read as a new request.
    private async Task<bool> ServeAsync(string line)
    {
        if (version == HttplibVersion.V011 && line.Length > LineBytesMax)
        {
            await TryReadFieldsAsync(new HttplibHead("", "", ""));
            return await RespondAsync(414, null);
        }
        if (HttplibHead.Parse(line) is not { } head || !await TryReadFieldsAsync(head))
            return await RespondAsync(400, null);
        if (version == HttplibVersion.V053 && head.Target.Length > LineBytesMax)
            return false;
        if (head.Field("Expect") == "100-continue")
            await SendAsync("HTTP/1.1 100 Continue\r\n\r\n");

        bool isEarly = head.WantsHaste || !head.ReadsContent;
        byte[] content = isEarly ? [] : await ReadContentAsync(head);
        report(head, content);
        await RespondAsync(200, head);
        // Only the later version drains unread content from the connection.
        if (isEarly && version == HttplibVersion.V053)
            await ReadContentAsync(head);
        return !head.Closes;
    }

    private async Task<bool> TryReadFieldsAsync(HttplibHead head)
    {
        for (int count = 0; await ReadLineAsync() is { } line; count++)
        {
            if (line.Length == 2)
                return true;
            if (line.Length > LineBytesMax)
                return false;
            bool isField = head.TryAdd(line[..^2]);
            if (version == HttplibVersion.V053 && (!isField || count >= FieldsMax))
                return false;
        }
        return false;
    }

    private async Task<byte[]> ReadContentAsync(HttplibHead head)
    {
        var content = new MemoryStream();
        if (!head.IsChunked)
        {
            await CopyAsync(head.ContentLength, content);
            return content.ToArray();
        }
        while (await ReadLineAsync() is { } line)
        {
            long size = long.Parse(line[..^2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            await CopyAsync(size, content);
            await ReadLineAsync();
            if (size == 0)
                break;
        }
        return content.ToArray();
    }

    private async Task CopyAsync(long count, MemoryStream content)
    {
        for (; count > 0 && await ReadByteAsync() is >= 0 and var value; count--)
            content.WriteByte((byte)value);
    }

    /// <summary>Reads a line including its CRLF; null if the connection ends first.</summary>
    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (await ReadByteAsync() is >= 0 and var value)
        {
            line.Append((char)value);
            if (value == '\n' && line.Length > 1 && line[^2] == '\r')
                return line.ToString();
        }
        return null;
    }

    private async ValueTask<int> ReadByteAsync()
    {
        if (_at == _end)
        {
            _at = 0;
            _end = await socket.ReceiveAsync(_received);
            _carried = true;
            if (_end == 0)
                return -1;
        }
        return _received[_at++];
    }

    private async Task<bool> RespondAsync(int status, HttplibHead? head)
    {
        // After an error, 0.53 sends "Connection: close" but does not close.
        string connection =
            head is { Closes: true } || (status >= 400 && version == HttplibVersion.V053) ? "close" : "keep-alive";
        await SendAsync(
            $"HTTP/1.1 {status} X\r\nA-Seen: "
                + $"1\r\nX-Query: {head?.Query}\r\nConnection: {connection}\r\nContent-Length: 2\r\n\r\n"
                + (head?.Method == "HEAD" ? "" : "ok")
        );
        return true;
    }

    private async Task SendAsync(string latin1) =>
        await socket.SendAsync(Encoding.Latin1.GetBytes(latin1)).WithinDeadline();
}
