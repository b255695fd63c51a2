using System.IO.Pipelines;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>
/// An upstream connection of one client connection, and the way down: each read is looked at and written at once. It
/// outlives exchanges and is never shared. Belongs to the loop's thread.
/// </summary>
internal sealed class AnswerPump
{
    private readonly SocketPipe upstream;
    private readonly SocketPipe client;
    private Exchange? exchange;
    private TaskCompletionSource? over;

    /// <param name="upstream">A connection that nobody else has used; the pump closes it.</param>
    /// <param name="client">Where the responses go.</param>
    /// <param name="isFresh">True when it was connected for the coming request, so that its death says more than age.</param>
    public AnswerPump(SocketPipe upstream, SocketPipe client, bool isFresh)
    {
        this.upstream = upstream;
        this.client = client;
        IsFresh = isFresh;
    }

    /// <summary>False when it was kept or warm: it may have died unnoticed, and the request deserves another.</summary>
    public bool IsFresh { get; private set; }

    /// <summary>True while it can take another request.</summary>
    public bool IsOpen { get; private set; } = true;

    public PipeWriter Output => upstream.Output;

    /// <summary>Says which exchange the next bytes belong to.</summary>
    public void Expect(Exchange next)
    {
        exchange = next;
        next.Answer.Begin(next.Method.SequenceEqual("HEAD"u8));
    }

    /// <summary>Completes when the expected response is over. For the rare wait in which the client cannot be watched.</summary>
    public Task WhenOverAsync()
    {
        if (exchange is null) return Task.CompletedTask;
        over ??= new TaskCompletionSource();
        return over.Task;
    }

    /// <summary>Tells the upstream that the client will send no more (FIN): Go cancels what it computes for it.</summary>
    public void FinishInput() => upstream.Output.Complete();

    /// <summary>Ends the connection with a reset, and with it whatever was expected.</summary>
    public void Abort()
    {
        Forget();
        upstream.Abort();
    }

    /// <summary>Ends the connection, and with it whatever was expected.</summary>
    public void Close()
    {
        Forget();
        upstream.Close();
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
                ReadResult read = await upstream.Input.ReadAsync();
                ReadOnlyMemory<byte> bytes = read.Buffer.First;
                AnswerResult result = Look(bytes.Span, out AnswerStep step);
                bool heard = true;
                if (step.PassLength > 0)
                {
                    FlushResult flush = await client.Output.WriteAsync(bytes.Slice(step.PassStart, step.PassLength));
                    heard = !flush.IsCompleted;
                    Passed(step.PassLength);
                }
                upstream.Input.AdvanceTo(read.Buffer.GetPosition(step.Done), read.Buffer.End);
                goOn = Settle(result, heard, read.IsCompleted);
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            worker.Fail(session, fault);
        }
        finally
        {
            upstream.Input.Complete();
            upstream.Output.Complete();
        }
    }

    // The exchange goes back to be used by another session, and this one must not touch it then.
    private void Forget()
    {
        IsOpen = false;
        if (exchange is { IsOver: false }) exchange.State = AnswerState.Failed;
        exchange = null;
        TaskCompletionSource? waiter = over;
        over = null;
        // Not inside the call of whoever ends this.
        if (waiter is not null) client.Loop.Defer(waiter.SetResult);
    }

    private AnswerResult Look(ReadOnlySpan<byte> bytes, out AnswerStep step)
    {
        step = default;
        if (exchange is null || bytes.IsEmpty) return AnswerResult.Partial;
        if (exchange.FirstByte == 0) exchange.FirstByte = client.Loop.Now;
        AnswerResult result = exchange.Answer.Scan(bytes, out step);
        exchange.Status = exchange.Answer.Status;
        return result;
    }

    private void Passed(int count)
    {
        // The session may have ended while the client took its time.
        if (exchange is null) return;
        exchange.BytesDown += count;
        exchange.Charge(client.Loop.Now, client.Loop.Time.GetTimestamp());
    }

    /// <returns>False when nothing more is to be read from this connection.</returns>
    private bool Settle(AnswerResult result, bool heard, bool ended)
    {
        if (exchange is null)
        {
            // Nothing was asked: an end is the upstream's right (it restarted), bytes are not. Neither is the client's loss.
            Close();
            return false;
        }
        if (!heard) return Fail(exchange, CloseReason.ClientResponse);
        switch (result)
        {
            case AnswerResult.Complete:
                return Complete(exchange, reusable: !ended);
            case AnswerResult.Surplus:
                // What follows could be taken for the answer to the next request.
                return Complete(exchange, reusable: false);
            case AnswerResult.Fault:
                return Fail(exchange, CloseReason.UpstreamFault);
            case AnswerResult.Upgrade:
                return Fail(exchange, CloseReason.UpstreamUpgrade);
            default:
                return !ended || End(exchange);
        }
    }

    private bool End(Exchange present) =>
        present.Answer.IsUntilClose && upstream.InputEnd == InputEnd.Finished
            ? Complete(present, reusable: false)
            : Fail(present, CloseReason.UpstreamResponse);

    private bool Fail(Exchange present, CloseReason reason)
    {
        present.CloseFor(reason);
        present.State = AnswerState.Failed;
        Abort();
        Tell();
        return false;
    }

    private bool Complete(Exchange present, bool reusable)
    {
        present.State = AnswerState.Complete;
        // The client has read the same in the head; where only this connection is done for, the client's goes on.
        if (present.Answer.Close)
            present.CloseFor(present.Head.Close ? CloseReason.ClientClose : CloseReason.UpstreamClose);
        // The upstream did not wait for the content, and may read what still comes as its next request. Both connections
        // end, this one with a reset, which takes back what the system has not sent yet.
        bool isEarly = !present.IsSent;
        if (isEarly) present.CloseFor(CloseReason.UpstreamContent);
        exchange = null;
        IsFresh = false;
        if (isEarly) Abort();
        else if (present.Answer.Close || !reusable) Close();
        Tell();
        return IsOpen;
    }

    // The session goes on inside this call, perhaps as far as to expect the next response here.
    private void Tell()
    {
        TaskCompletionSource? waiter = over;
        over = null;
        if (waiter is null) client.Input.CancelPendingRead();
        else waiter.SetResult();
    }
}
