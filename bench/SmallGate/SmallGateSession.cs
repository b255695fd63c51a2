using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Wire;
using Pipelines.Sockets.Unofficial;

namespace FastGate.Bench.SmallGate;

/// <summary>
/// One client of the small gate. One async method reads the client and another the upstream, each on whatever thread
/// its socket completes; <see cref="_turn"/> keeps a request from overtaking the response before it.
/// </summary>
internal sealed class SmallGateSession(SocketConnection client, GatePolicy policy, IPEndPoint upstream) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Contiguous _clientBytes = new(),
        _upstreamBytes = new();
    private SocketConnection? _upstream;
    private Task? _responses;
    private RequestHead _head;
    private ContentScanner _content;
    private ResponseScanner _response;

    public async Task RunAsync()
    {
        try
        {
            while (await TryServeAsync())
            {
                // The next request.
            }
            // The last response may still be on its way.
            if (_responses is not null)
                await _responses;
        }
        catch (Exception exception) when (IsOfConnection(exception))
        {
            // The client was reset or closed halfway: so is the upstream.
            if (_upstream is not null)
                _upstream.Socket.LingerState = new LingerOption(true, 0);
        }
        client.Dispose();
        _upstream?.Dispose();
        if (_responses is not null)
            await _responses;
    }

    public void Dispose()
    {
        client.Dispose();
        _upstream?.Dispose();
        _turn.Dispose();
    }

    /// <returns>Whether another request may follow.</returns>
    private async Task<bool> TryServeAsync()
    {
        // 1. A head. A response to the request before may still be on its way down.
        _head = default;
        ReadResult read;
        ScanResult found;
        while ((found = ScanHead((read = await client.Input.ReadAsync()).Buffer)) == ScanResult.Partial)
        {
            if (read.IsCompleted)
            {
                // The client's FIN goes up as a FIN.
                _upstream?.Output.Complete();
                return false;
            }
            client.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
        await _turn.WaitAsync();

        // 2. The decision.
        if (!Authorize(found, read.Buffer))
        {
            await client.Output.FlushAsync();
            client.Output.Complete();
            _upstream?.Output.Complete();
            return false;
        }

        // 3. Head and content go up.
        if (_responses is { IsCompleted: true })
            return false;
        if (_upstream is null)
        {
            _upstream = await SmallGateServer.ConnectAsync(upstream);
            _responses = PassResponsesAsync(_upstream);
        }
        int taken = WriteRequest(read.Buffer);
        await _upstream.Output.FlushAsync();
        client.Input.AdvanceTo(read.Buffer.GetPosition(taken));
        while (!_content.Done)
        {
            read = await client.Input.ReadAsync();
            if (read.Buffer.IsEmpty && read.IsCompleted)
                throw new EndOfStreamException("The client ended in the middle of its content.");
            taken = WriteContent(read.Buffer);
            await _upstream.Output.FlushAsync();
            client.Input.AdvanceTo(read.Buffer.GetPosition(taken));
        }
        return true;
    }

    // Throws nothing, so that it can be awaited however the session ends.
    private async Task PassResponsesAsync(SocketConnection from)
    {
        try
        {
            while (true)
            {
                ReadResult read = await from.Input.ReadAsync();
                if (read.Buffer.IsEmpty && read.IsCompleted)
                    return;
                ResponseResult result = _response.Scan(_upstreamBytes.Of(read.Buffer), out PassSpan span);
                if (span.PassLength > 0)
                {
                    foreach (ReadOnlyMemory<byte> part in read.Buffer.Slice(span.PassStart, span.PassLength))
                        client.Output.Write(part.Span);
                    await client.Output.FlushAsync();
                }
                from.Input.AdvanceTo(read.Buffer.GetPosition(span.Done), read.Buffer.End);
                if (result == ResponseResult.Complete)
                    _turn.Release();
                else if (result != ResponseResult.Partial)
                    return;
            }
        }
        catch (Exception exception) when (IsOfConnection(exception))
        {
            // The upstream was reset, or the session has closed both sides.
        }
        finally
        {
            // Nothing more comes down: the client learns it as it would without a gate.
            client.Output.Complete();
            _turn.Release();
        }
    }

    private static bool IsOfConnection(Exception exception) =>
        exception is IOException or SocketException or OperationCanceledException or InvalidOperationException;

    private ScanResult ScanHead(in ReadOnlySequence<byte> bytes) =>
        bytes.IsEmpty ? ScanResult.Partial : RequestHeadScanner.Scan(_clientBytes.Of(bytes), ref _head);

    /// <returns>Whether the request may go up; otherwise the refusal is written.</returns>
    private bool Authorize(ScanResult found, in ReadOnlySequence<byte> bytes)
    {
        ReadOnlySpan<byte> head = _clientBytes.Of(bytes);
        if (found == ScanResult.Invalid)
            ReplyWriter.WriteFault(
                client.Output,
                _head.Fault,
                _head.HeadBytesMax,
                _head.Path(head),
                headRequest: false
            );
        else if (Authorizer.Decide(policy, in _head, head).Kind == VerdictKind.Allowed)
            return true;
        else
            ReplyWriter.WritePolicy(client.Output, _head.Method(head), _head.Path(head), default, close: true);
        return false;
    }

    private int WriteRequest(in ReadOnlySequence<byte> bytes)
    {
        ReadOnlySpan<byte> all = _clientBytes.Of(bytes);
        _content = ContentScanner.For(in _head);
        _response.Begin(_head.Method(all).SequenceEqual("HEAD"u8));
        HeadRewriter.Write(_upstream!.Output, in _head, all[.._head.HeadLength], policy);
        return _head.HeadLength + WriteContent(bytes.Slice(_head.HeadLength));
    }

    private int WriteContent(in ReadOnlySequence<byte> bytes)
    {
        int written = 0;
        foreach (ReadOnlyMemory<byte> part in bytes)
        {
            if (_content.Done)
                break;
            if (_content.Take(part.Span, out int taken) == ScanResult.Invalid)
                throw new InvalidOperationException("The content is malformed.");
            _upstream!.Output.Write(part.Span[..taken]);
            written += taken;
        }
        return written;
    }
}

/// <summary>Shows the segments of a pipe as one span, which the scanners need: copied if there are several.</summary>
internal sealed class Contiguous
{
    private byte[] _copy = [];

    public ReadOnlySpan<byte> Of(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
            return bytes.FirstSpan;
        int length = (int)bytes.Length;
        if (_copy.Length < length)
            _copy = new byte[length];
        bytes.CopyTo(_copy);
        return _copy.AsSpan(0, length);
    }
}
