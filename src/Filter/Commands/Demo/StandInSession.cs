using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Wire;

namespace FastGate.Commands.Demo;

/// <summary>One connection to the stand-in: request and response in turn until either side closes it. Belongs to the
/// loop's thread.</summary>
internal sealed class StandInSession : IDisposable
{
    /// <summary>Time between two tokens: twenty per second can be seen arriving one by one.</summary>
    internal static readonly TimeSpan TokenGap = TimeSpan.FromMilliseconds(50);

    // Content beyond this is read and discarded; a chat is much smaller.
    private const int ContentBytesMax = 1024 * 1024;

    private readonly SocketPipe _pipe;
    private readonly Action _onRequest;
    private readonly Pause _pause;
    private readonly ArrayBufferWriter<byte> _content = new();
    private RequestHead _head;
    private ContentScanner _framing;
    private string _route = "";

    /// <param name="pipe">The connection; the session closes it.</param>
    /// <param name="onRequest">Called for each request after its head has been read.</param>
    public StandInSession(SocketPipe pipe, Action onRequest)
    {
        _pipe = pipe;
        _onRequest = onRequest;
        _pause = new Pause(pipe.Loop);
    }

    public async Task RunAsync()
    {
        bool isOpen = true;
        while (isOpen && await ReadHeadAsync() && await ReadContentAsync())
            isOpen = await RespondAsync() && !_head.EndsConnection;
    }

    public void Close() => _pipe.Close();

    public void Dispose()
    {
        _pause.Dispose();
        _pipe.Close();
        _pipe.Input.Complete();
        _pipe.Output.Complete();
    }

    /// <returns>False at the end of the connection, or when the bytes are not HTTP.</returns>
    private async ValueTask<bool> ReadHeadAsync()
    {
        _head = default;
        while (true)
        {
            ReadResult read = await _pipe.Input.ReadAsync();
            ScanResult found = RequestHeadScanner.Scan(read.Buffer.FirstSpan, ref _head);
            if (found != ScanResult.Partial)
                Begin(read.Buffer.FirstSpan);
            if (found == ScanResult.Complete)
            {
                _pipe.Input.AdvanceTo(read.Buffer.GetPosition(_head.HeadLength));
                return true;
            }
            _pipe.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (found == ScanResult.Invalid || read.IsCompleted)
                return false;
        }
    }

    private void Begin(ReadOnlySpan<byte> bytes)
    {
        // A malformed head counts too: the gate should not have let it through either.
        _onRequest();
        string path = Uri.UnescapeDataString(Encoding.ASCII.GetString(_head.Path(bytes)));
        _route = $"{Encoding.ASCII.GetString(_head.Method(bytes))} {path}";
        _framing = ContentScanner.For(in _head);
        _content.ResetWrittenCount();
    }

    /// <returns>False when the content ends early or is malformed.</returns>
    private async ValueTask<bool> ReadContentAsync()
    {
        if (_head.ExpectContinue)
            await _pipe.Output.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
        while (!_framing.Done)
        {
            ReadResult read = await _pipe.Input.ReadAsync();
            ScanResult found = TakeContent(read.Buffer.FirstSpan, out int taken);
            _pipe.Input.AdvanceTo(read.Buffer.GetPosition(taken));
            if (found == ScanResult.Invalid || (read.IsCompleted && !_framing.Done))
                return false;
        }
        return true;
    }

    private ScanResult TakeContent(ReadOnlySpan<byte> bytes, out int taken)
    {
        ScanResult found = _framing.Take(bytes, out taken);
        if (_content.WrittenCount + taken <= ContentBytesMax)
            _content.Write(bytes[..taken]);
        return found;
    }

    /// <returns>False when the client has disconnected.</returns>
    private async ValueTask<bool> RespondAsync()
    {
        StandInReply reply = CreateReply();
        if (reply.Events is not { } events)
            return IsConnected(await _pipe.Output.WriteAsync(reply.Bytes));

        // Head and first event in one write, as Go's server does; every further event in its own.
        _pipe.Output.Write(reply.Bytes.Span);
        for (int i = 0; i < events.Count; i++)
        {
            if (i > 0)
                await _pause.WaitAsync(TokenGap);
            WriteEvent(events[i], isLast: i == events.Count - 1);
            if (!IsConnected(await _pipe.Output.FlushAsync()))
                return false;
        }
        return true;
    }

    private static bool IsConnected(FlushResult flush) => !flush.IsCompleted;

    private StandInReply CreateReply()
    {
        ReadOnlyMemory<byte> plain = _head.Chunked
            ? ChunkedContent.Unframe(_content.WrittenSpan)
            : _content.WrittenMemory;
        StandInReply reply = StandInRoutes.Respond(
            _route,
            plain,
            streamable: _head.MinorVersion == 1,
            _pipe.Loop.Time.GetUtcNow()
        );
        return _head.MinorVersion == 1 ? reply : reply.ForHttp10(keepAlive: !_head.EndsConnection);
    }

    private void WriteEvent(string text, bool isLast)
    {
        string stamped = Stamp(text, _pipe.Loop.Time);
        string chunk = string.Create(
            CultureInfo.InvariantCulture,
            $"{Encoding.UTF8.GetByteCount(stamped):x}\r\n{stamped}\r\n{(isLast ? "0\r\n\r\n" : "")}"
        );
        _pipe.Output.Write(Encoding.UTF8.GetBytes(chunk));
    }

    // Adds the send time as the first member, in nanoseconds of the clock that all threads of this process share, so
    // that the demo's client can compute the delay. Other clients ignore unknown members.
    private static string Stamp(string text, TimeProvider time)
    {
        int brace = text.IndexOf('{', StringComparison.Ordinal);
        if (brace < 0)
            return text;
        long nanoseconds = time.GetTimestamp() * (1_000_000_000 / time.TimestampFrequency);
        return text.Insert(brace + 1, $"\"sent_ns\":{nanoseconds},");
    }
}

/// <summary>Removes the chunked framing (RFC 9112 §7.1) from content that a scanner has already found
/// well-formed.</summary>
internal static class ChunkedContent
{
    public static ReadOnlyMemory<byte> Unframe(ReadOnlySpan<byte> framed)
    {
        ArrayBufferWriter<byte> content = new();
        while (
            Utf8Parser.TryParse(framed, out int size, out int digits, 'x')
            && size > 0
            && digits + 2 + size <= framed.Length
        )
        {
            content.Write(framed.Slice(digits + 2, size));
            framed = framed[Math.Min(digits + 2 + size + 2, framed.Length)..];
        }
        return content.WrittenMemory;
    }
}

/// <summary>The delay between two tokens of one connection. Belongs to the loop's thread.</summary>
internal sealed class Pause : IDisposable
{
    private readonly Deadline _deadline;
    private TaskCompletionSource? _waiter;

    public Pause(Loop loop) => _deadline = loop.CreateDeadline(End);

    /// <summary>Completes on the loop's thread. One wait at a time.</summary>
    public Task WaitAsync(TimeSpan time)
    {
        _waiter = new TaskCompletionSource();
        _deadline.Set(time);
        return _waiter.Task;
    }

    public void Dispose() => _deadline.Remove();

    private void End() => _waiter!.SetResult();
}
