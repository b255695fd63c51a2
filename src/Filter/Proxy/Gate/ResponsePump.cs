using System.IO.Pipelines;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>
/// An upstream connection of one client connection, and the way down: each read is looked at and written at once. It
/// outlives exchanges and is never shared. Belongs to the loop's thread.
/// </summary>
internal sealed class ResponsePump
{
    private readonly SocketPipe _upstream;
    private readonly SocketPipe _client;
    private Exchange? _exchange;
    private TaskCompletionSource? _over;

    /// <param name="upstream">A connection that nobody else has used; the pump closes it.</param>
    /// <param name="client">Where the responses go.</param>
    /// <param name="isFresh">True when it was connected for the coming request, so that its death says more than
    /// age.</param>
    public ResponsePump(SocketPipe upstream, SocketPipe client, bool isFresh)
    {
        _upstream = upstream;
        _client = client;
        IsFresh = isFresh;
    }

    /// <summary>False when it was kept or warm: it may have died unnoticed, and the request deserves another.</summary>
    public bool IsFresh { get; private set; }

    /// <summary>True while it can take another request.</summary>
    public bool IsOpen { get; private set; } = true;

    public PipeWriter Output => _upstream.Output;

    /// <summary>Says which exchange the next bytes belong to.</summary>
    public void Expect(Exchange next)
    {
        _exchange = next;
        next.Response.Begin(next.Method.SequenceEqual("HEAD"u8));
    }

    /// <summary>Completes when the expected response is over. For the rare wait in which the client cannot be
    /// watched.</summary>
    public Task WhenOverAsync()
    {
        if (_exchange is null)
            return Task.CompletedTask;
        _over ??= new TaskCompletionSource();
        return _over.Task;
    }

    /// <summary>Tells the upstream that the client will send no more (FIN): Go cancels what it computes for
    /// it.</summary>
    public void FinishInput() => _upstream.Output.Complete();

    /// <summary>Ends the connection with a reset, and with it whatever was expected.</summary>
    public void Abort()
    {
        Forget();
        _upstream.Abort();
    }

    /// <summary>Ends the connection, and with it whatever was expected.</summary>
    public void Close()
    {
        Forget();
        _upstream.Close();
    }

    /// <summary>Passes responses down until the connection ends. Throws nothing.</summary>
    /// <param name="worker">Is told of a fault in this code.</param>
    /// <param name="session">Ends with such a fault.</param>
    public async Task RunAsync(Worker worker, Session session)
    {
        try
        {
            bool goOn = true;
            while (goOn)
            {
                ReadResult read = await _upstream.Input.ReadAsync();
                ReadOnlyMemory<byte> bytes = read.Buffer.First;
                ResponseResult result = Scan(bytes.Span, out PassSpan step);
                bool heard = true;
                if (step.PassLength > 0)
                {
                    FlushResult flush = await _client.Output.WriteAsync(bytes.Slice(step.PassStart, step.PassLength));
                    heard = !flush.IsCompleted;
                    Passed(step.PassLength);
                }
                _upstream.Input.AdvanceTo(read.Buffer.GetPosition(step.Done), read.Buffer.End);
                goOn = Settle(result, heard, read.IsCompleted);
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            worker.Fail(session, fault);
        }
        finally
        {
            _upstream.Input.Complete();
            _upstream.Output.Complete();
        }
    }

    // The exchange goes back to be used by another session, and this one must not touch it then.
    private void Forget()
    {
        IsOpen = false;
        if (_exchange is { IsOver: false })
            _exchange.State = ResponseState.Failed;
        _exchange = null;
        TaskCompletionSource? waiter = _over;
        _over = null;
        // Not inside the call of whoever ends this.
        if (waiter is not null)
            _client.Loop.Defer(waiter.SetResult);
    }

    private ResponseResult Scan(ReadOnlySpan<byte> bytes, out PassSpan step)
    {
        step = default;
        if (_exchange is null || bytes.IsEmpty)
            return ResponseResult.Partial;
        if (_exchange.FirstByte == 0)
            _exchange.FirstByte = _client.Loop.Now;
        ResponseResult result = _exchange.Response.Scan(bytes, out step);
        _exchange.Status = _exchange.Response.Status;
        return result;
    }

    private void Passed(int count)
    {
        // The session may have ended while the client took its time.
        if (_exchange is null)
            return;
        _exchange.BytesDown += count;
        _exchange.Charge(_client.Loop.Now, _client.Loop.Time.GetTimestamp());
    }

    /// <returns>False when nothing more is to be read from this connection.</returns>
    private bool Settle(ResponseResult result, bool heard, bool ended)
    {
        if (_exchange is null)
        {
            // Nothing was asked: an end is the upstream's right (it restarted), bytes are not. Neither is the client's
            // loss.
            Close();
            return false;
        }
        if (!heard)
            return Fail(_exchange, CloseReason.ClientResponse);
        switch (result)
        {
            case ResponseResult.Complete:
                return Complete(_exchange, reusable: !ended);
            case ResponseResult.Surplus:
                // What follows could be taken for the answer to the next request.
                return Complete(_exchange, reusable: false);
            case ResponseResult.Fault:
                return Fail(_exchange, CloseReason.UpstreamFault);
            case ResponseResult.Upgrade:
                return Fail(_exchange, CloseReason.UpstreamUpgrade);
            default:
                return !ended || End(_exchange);
        }
    }

    private bool End(Exchange present) =>
        present.Response.IsUntilClose && _upstream.InputEnd == InputEnd.Finished
            ? Complete(present, reusable: false)
            : Fail(present, CloseReason.UpstreamResponse);

    private bool Fail(Exchange present, CloseReason reason)
    {
        present.CloseFor(reason);
        present.State = ResponseState.Failed;
        Abort();
        ReportFault();
        return false;
    }

    private bool Complete(Exchange present, bool reusable)
    {
        present.State = ResponseState.Complete;
        // The client has read the same in the head; where only this connection is done for, the client's goes on.
        if (present.Response.EndsConnection)
            present.CloseFor(present.Head.EndsConnection ? CloseReason.ClientClose : CloseReason.UpstreamClose);
        // The upstream did not wait for the content, and may read what still comes as its next request. Both
        // connections end, this one with a reset, which takes back what the system has not sent yet.
        bool isEarly = !present.IsSent;
        if (isEarly)
            present.CloseFor(CloseReason.UpstreamContent);
        _exchange = null;
        IsFresh = false;
        if (isEarly)
            Abort();
        else if (present.Response.EndsConnection || !reusable)
            Close();
        ReportFault();
        return IsOpen;
    }

    // The session goes on inside this call, perhaps as far as to expect the next response here.
    private void ReportFault()
    {
        TaskCompletionSource? waiter = _over;
        _over = null;
        if (waiter is null)
            _client.Input.CancelPendingRead();
        else
            waiter.SetResult();
    }
}

/// <summary>How far the response of an exchange has come.</summary>
internal enum ResponseState
{
    /// <summary>It has not ended yet, and may not have begun.</summary>
    Awaited,

    /// <summary>All of it has been passed.</summary>
    Complete,

    /// <summary>No more of it will come.</summary>
    Failed,
}
