using System.IO.Pipelines;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>
/// An upstream connection of one client connection: it follows the response to one request after the other, and decides
/// what each read means. It does not call the session; <see cref="Settle"/> returns what became of the response.
/// Belongs to the loop's thread.
/// </summary>
internal sealed class UpstreamConnection
{
    private readonly SocketPipe _pipe;
    private Exchange? _exchange;

    /// <param name="pipe">A connection that nothing else has used; this closes it.</param>
    /// <param name="isFresh">True if it was connected for the coming request, so that age cannot explain its
    /// death.</param>
    public UpstreamConnection(SocketPipe pipe, bool isFresh)
    {
        _pipe = pipe;
        IsFresh = isFresh;
    }

    /// <summary>False if the connection was kept or ready: it may have died unnoticed, so the request may be
    /// retried.</summary>
    public bool IsFresh { get; private set; }

    /// <summary>True while it can take another request.</summary>
    public bool IsOpen { get; private set; } = true;

    public PipeReader Input => _pipe.Input;

    public PipeWriter Output => _pipe.Output;

    /// <summary>Sets the exchange that the next bytes belong to.</summary>
    public void Expect(Exchange next)
    {
        _exchange = next;
        next.Response.Begin(next.Method.SequenceEqual("HEAD"u8));
    }

    /// <summary>Sends a FIN: the client will send no more, and Go cancels what it computes for it.</summary>
    public void FinishInput() => _pipe.Output.Complete();

    /// <summary>Resets the connection. An expected response has failed.</summary>
    public void Abort()
    {
        Forget();
        _pipe.Abort();
    }

    /// <summary>Closes the connection. An expected response has failed.</summary>
    public void Close()
    {
        Forget();
        _pipe.Close();
    }

    /// <summary>Returns the buffers; nothing reads or writes the connection any more.</summary>
    public void Release()
    {
        _pipe.Input.Complete();
        _pipe.Output.Complete();
    }

    /// <summary>Scans what is in the buffer.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="span">Which of the bytes to pass to the client.</param>
    public ResponseResult Scan(ReadOnlySpan<byte> bytes, out PassSpan span)
    {
        span = default;
        if (_exchange is null || bytes.IsEmpty)
            return ResponseResult.Partial;
        // After an interim response (1xx), the response itself is still to come.
        if (_exchange.FirstByte == 0 || _exchange.Status is > 0 and < 200)
            _exchange.FirstByte = _pipe.Loop.Now;
        ResponseResult result = _exchange.Response.Scan(bytes, out span);
        _exchange.Status = _exchange.Response.Status;
        return result;
    }

    /// <summary>Counts bytes that were passed to the client.</summary>
    public void CountPassed(int count)
    {
        // The session may have ended while the client took its time.
        if (_exchange is null)
            return;
        _exchange.BytesDown += count;
        _exchange.Charge(_pipe.Loop.Now, _pipe.Loop.Time.GetTimestamp());
    }

    /// <summary>Decides what follows from a read, and closes the connection if it cannot be used any more.</summary>
    /// <param name="result">What the scan of the bytes returned.</param>
    /// <param name="isTaken">False if the client did not take them.</param>
    /// <param name="hasEnded">The upstream sends no more.</param>
    /// <returns>
    /// What became of the expected response; <see cref="ResponseState.Awaited"/> also if none is expected. The reason
    /// of a failure is in the exchange.
    /// </returns>
    public ResponseState Settle(ResponseResult result, bool isTaken, bool hasEnded)
    {
        if (_exchange is null)
        {
            // The upstream may end its connection between requests (it restarted), but not send bytes. Neither affects
            // the client.
            Close();
            return ResponseState.Awaited;
        }
        if (!isTaken)
            return Fail(_exchange, CloseReason.ClientResponse);
        switch (result)
        {
            case ResponseResult.Complete:
                return Complete(_exchange, reusable: !hasEnded);
            case ResponseResult.Surplus:
                // What follows could be taken for the response to the next request.
                return Complete(_exchange, reusable: false);
            case ResponseResult.Fault:
                return Fail(_exchange, CloseReason.UpstreamFault);
            case ResponseResult.Upgrade:
                return Fail(_exchange, CloseReason.UpstreamUpgrade);
            default:
                return hasEnded ? End(_exchange) : ResponseState.Awaited;
        }
    }

    private ResponseState End(Exchange current) =>
        current.Response.IsUntilClose && _pipe.InputEnd == InputEnd.Finished
            ? Complete(current, reusable: false)
            : Fail(current, CloseReason.UpstreamResponse);

    private ResponseState Fail(Exchange current, CloseReason reason)
    {
        current.CloseFor(reason);
        Abort();
        return ResponseState.Failed;
    }

    private ResponseState Complete(Exchange current, bool reusable)
    {
        current.State = ResponseState.Complete;
        // The client has read the same in the head. If only this connection ends, the client's stays open.
        if (current.Response.EndsConnection)
            current.CloseFor(current.Head.EndsConnection ? CloseReason.ClientClose : CloseReason.UpstreamClose);
        // The upstream did not wait for the content, and may read what still comes as its next request. Both
        // connections end, this one with a reset, which discards what the system has not sent yet.
        bool isEarly = !current.IsSent;
        if (isEarly)
            current.CloseFor(CloseReason.UpstreamContent);
        _exchange = null;
        IsFresh = false;
        if (isEarly)
            Abort();
        else if (current.Response.EndsConnection || !reusable)
            Close();
        return ResponseState.Complete;
    }

    // The exchange will be reused by another session, so this connection must not touch it any more.
    private void Forget()
    {
        IsOpen = false;
        if (_exchange is { IsOver: false })
            _exchange.State = ResponseState.Failed;
        _exchange = null;
    }
}

/// <summary>How far the response of an exchange has come.</summary>
internal enum ResponseState
{
    /// <summary>The response has not ended, and may not have begun.</summary>
    Awaited,

    /// <summary>All of it has been passed.</summary>
    Complete,

    /// <summary>No more of it will come.</summary>
    Failed,
}
