using System.Buffers;
using System.IO.Pipelines;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>Passes responses to the client, and the end of one side to the other.</summary>
internal sealed partial class Session
{
    /// <summary>
    /// Passes the responses of one upstream connection to the client, each read at once, until that connection ends.
    /// Throws nothing.
    /// </summary>
    private async Task PassResponsesAsync(UpstreamConnection upstream)
    {
        try
        {
            do
            {
                ReadResult read = await upstream.Input.ReadAsync();
                ReadOnlyMemory<byte> bytes = read.Buffer.First;
                ResponseResult result = upstream.Scan(bytes.Span, out PassSpan span);
                bool isTaken = true;
                if (span.PassLength > 0)
                {
                    ReadOnlyMemory<byte> passed = bytes.Slice(span.PassStart, span.PassLength);
                    if (_worker.IsDraining)
                        passed = passed[AnnounceClose(passed.Span)..];
                    FlushResult flush = await _client.Output.WriteAsync(passed);
                    isTaken = !flush.IsCompleted;
                    upstream.CountPassed(span.PassLength);
                }
                upstream.Input.AdvanceTo(read.Buffer.GetPosition(span.Done), read.Buffer.End);
                // RunAsync continues inside Wake, perhaps as far as to expect the next response here.
                if (upstream.Settle(result, isTaken, read.IsCompleted) != ResponseState.Awaited)
                    Wake(WakeReason.ExchangeOver);
            } while (upstream.IsOpen);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _worker.Fail(this, exception);
        }
        finally
        {
            upstream.Release();
        }
    }

    /// <summary>
    /// Tells the client that the connection ends with this response, so that it does not send its next request on it
    /// (RFC 9112 §9.6). Only while the gate drains, and only if no byte of the response has been passed.
    /// </summary>
    /// <param name="bytes">What is passed next; it begins with the whole status line of a final response.</param>
    /// <returns>How many of the bytes were written, with the field that follows them.</returns>
    private int AnnounceClose(ReadOnlySpan<byte> bytes)
    {
        int statusLine = bytes.IndexOf((byte)'\n') + 1;
        bool isFirst = _exchange is { BytesDown: 0 } && statusLine > 0;
        // "HTTP/1.1 2": the field of an interim response would be ignored.
        if (!isFirst || bytes[9] < (byte)'2')
            return 0;
        _client.Output.Write(bytes[..statusLine]);
        _client.Output.Write("Connection: close\r\n"u8);
        return statusLine;
    }

    /// <returns>True when the client has ended and only the response is still to come.</returns>
    private bool PassClientEnd(in ReadResult read)
    {
        // With further requests in the buffer, the end does not concern the current one; the same holds without a
        // gate.
        if (!_exchange!.IsOver)
            PassEnd(CloseReason.ClientResponse, isLast: read.Buffer.Length == _inHand);
        return !_exchange.IsOver;
    }

    // A FIN is passed on as a FIN, so that the upstream can still respond; anything worse as a reset.
    private void PassEnd(CloseReason reason, bool isLast)
    {
        if (_client.InputEnd != InputEnd.Finished || _exchange!.IsOver)
        {
            GiveUp(reason);
        }
        else if (isLast)
        {
            _exchange.CloseFor(reason);
            _upstream!.FinishInput();
        }
    }

    private void GiveUp(CloseReason reason)
    {
        _exchange!.CloseFor(reason);
        _upstream!.Abort();
    }
}
