using System.IO.Pipelines;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>
/// The life of one client connection: head, decision, way up, and the wait for the answer that <see cref="AnswerPump"/>
/// brings down; then the next head. Belongs to the loop's thread.
/// </summary>
internal sealed partial class Session
{
    // Refusals that follow each other are sent together, as many as surely fit into a small buffer with one more.
    private const int RefusalBytesKept = BufferPool.SmallBytes - 4096;

    private readonly Worker worker;
    private readonly SocketPipe client;
    private readonly PolicySlot policies;
    private readonly AdmittedPeer place;
    private readonly byte[] peer;
    private readonly Deadline deadline;
    private Usefulness usefulness;
    private Exchange? exchange;
    private AnswerPump? pump;
    private bool sendingContent;
    private bool resetClient;

    // Bytes at the front of the client's buffer that have gone up and belong to the request under way.
    private int inHand;

    /// <param name="worker">What the sessions of the loop share.</param>
    /// <param name="client">The accepted connection; the session closes it.</param>
    /// <param name="policies">Where the listener's policy is read, once a request.</param>
    /// <param name="place">The client's place under the limits; it is told when the connection idles.</param>
    public Session(Worker worker, SocketPipe client, PolicySlot policies, AdmittedPeer place)
    {
        this.worker = worker;
        this.client = client;
        this.policies = policies;
        this.place = place;
        peer = place.ToText();
        deadline = worker.Loop.CreateDeadline(OnDeadline);
    }

    /// <summary>Serves the connection to its end; <see cref="Release"/> follows.</summary>
    public async Task RunAsync()
    {
        bool goOn = true;
        HeadStep step = HeadStep.Partial;
        while (goOn && step != HeadStep.End)
        {
            // 1. A head. Between requests nothing is held but the sockets.
            deadline.Set(worker.Limits.IdleTime);
            place.IdleSince = worker.Loop.Now;
            ReadResult read;
            do
            {
                read = await client.Input.ReadAsync();
                step = ScanHead(read);
                // Refusals that were kept for one send with the next are not kept any longer.
                if (step != HeadStep.Refuse && client.Output.UnflushedBytes > 0) await client.Output.FlushAsync();
            }
            while (step == HeadStep.Partial);
            deadline.Clear();
            place.IdleSince = AdmittedPeer.Busy;

            // 2. The decision. A refusal never touches the upstream.
            if (step == HeadStep.Refuse) goOn = await RefuseAsync(read);
            if (step != HeadStep.Forward) continue;

            do
            {
                // 3. An upstream connection that is this client's alone.
                if (!TryTakeUpstream()) await ConnectUpstreamAsync();
                if (pump is null) break;

                // 4. Head and content go up.
                FlushResult flush = await WriteHead(read);
                Sent(exchange!.Head.HeadLength + exchange.ContentAtHand);
                while (WantsContent && !flush.IsCompleted)
                {
                    client.Input.AdvanceTo(read.Buffer.GetPosition(inHand));
                    read = await client.Input.ReadAsync();
                    inHand = 0;
                    int taken = exchange.IsOver ? 0 : TakeContent(read);
                    if (taken == 0) continue;
                    ValueTask<FlushResult> sending = pump.Output.WriteAsync(read.Buffer.First[..taken]);
                    // While the upstream takes nothing, no more can come of the client.
                    if (!sending.IsCompleted) exchange.Mark = default;
                    flush = await sending;
                    Sent(taken);
                }
                deadline.Clear();
                // It takes no more: it may have said why already, but an answer to half a request is not waited for.
                exchange.IsUnheard = flush.IsCompleted;
                if (exchange.IsUnheard) deadline.Set(worker.Limits.LingerTime);

                // 5. The answer comes down; meanwhile the client is watched, so that its end reaches the upstream at once.
                while (!exchange.IsOver)
                {
                    int consumed = exchange.IsWhole ? 0 : inHand;
                    // A client that has filled the buffer with further requests is watched again when one is answered.
                    if (read.Buffer.Length - consumed == BufferPool.LargeBytes) await pump.WhenOverAsync();
                    if (exchange.IsOver) break;
                    client.Input.AdvanceTo(read.Buffer.GetPosition(consumed), read.Buffer.End);
                    read = await client.Input.ReadAsync();
                    inHand -= consumed;
                    if (read.IsCompleted && WatchEnd(read)) await pump.WhenOverAsync();
                }
            }
            while (TryAgain());

            // 6. One entry in the log, and the next head.
            goOn = await EndExchangeAsync(read);
        }

        // 7. The end; what is not closed yet, Release closes.
        pump?.Close();
        place.IdleSince = worker.Loop.Now;
        client.IsSlow = true;
        if (resetClient) client.Abort();
        else if (step != HeadStep.End && client.InputEnd == InputEnd.Open) await Lingering.RunAsync(client, worker);
    }

    /// <summary>Gives back what the session still holds; it has ended, in whatever way.</summary>
    public void Release()
    {
        deadline.Remove();
        client.Close();
        client.Input.Complete();
        client.Output.Complete();
        if (exchange is not null) WriteEntry();
    }

    private HeadStep ScanHead(in ReadResult read)
    {
        ReadOnlySpan<byte> bytes = read.Buffer.FirstSpan;
        if (bytes.IsEmpty && (read.IsCompleted || deadline.HasExpired || worker.IsDraining)) return EndIdle(read.IsCompleted);
        HeadStep step = bytes.IsEmpty ? HeadStep.Partial : ScanHead(bytes, read.IsCompleted);
        // Looked at in vain: what follows is news.
        if (step == HeadStep.Partial) client.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        return step;
    }

    private HeadStep ScanHead(ReadOnlySpan<byte> bytes, bool ended)
    {
        if (exchange is null)
        {
            exchange = worker.Borrow();
            exchange.Begin(worker.Loop.Now, worker.Loop.Time.GetUtcNow());
            deadline.Set(worker.Limits.HeadTime);
            place.IdleSince = worker.Loop.Now;
        }
        HeadStep step = Intake.Scan(exchange, bytes, ended, deadline.HasExpired, policies.Present, worker.Limits.HeadBytesMax);
        client.IsSlow = usefulness.IsUselessWith(useful: step == HeadStep.Forward);
        if (exchange.Head.Fault is HeadFault.ClientSpokeTls or HeadFault.ProxyProtocol) worker.TellBeginning(exchange.Head.Fault, peer);
        if (step == HeadStep.End) WriteEntry();
        return step;
    }

    private bool TryTakeUpstream()
    {
        if (pump is { IsOpen: true }) return true;
        SocketPipe? warm = exchange!.IsRetry ? null : worker.Pool.TryTake();
        pump = null;
        if (warm is not null) Use(warm, isFresh: false);
        return warm is not null;
    }

    private async ValueTask ConnectUpstreamAsync()
    {
        ConnectResult result = await worker.Pool.ConnectAsync();
        if (result.Pipe is not null) Use(result.Pipe, isFresh: true);
        else exchange!.Judge(result.IsShortage ? JudgementKind.Shortage : JudgementKind.Unavailable);
    }

    private void Use(SocketPipe upstream, bool isFresh)
    {
        pump = new AnswerPump(upstream, client, isFresh);
        _ = pump.RunAsync(worker, this);
    }

    private ValueTask<FlushResult> WriteHead(in ReadResult read)
    {
        pump!.Expect(exchange!);
        ReadOnlyMemory<byte> bytes = read.Buffer.First;
        HeadRewriter.Write(pump.Output, in exchange!.Head, bytes.Span[..exchange.Head.HeadLength], exchange.Policy!);
        return pump.Output.WriteAsync(bytes.Slice(exchange.Head.HeadLength, exchange.ContentAtHand));
    }

    private void Sent(int bytes)
    {
        (sendingContent, exchange!.IsSent) = (false, exchange.Content.Done);
        inHand += bytes;
        exchange.Charge(worker.Loop.Now, worker.Loop.Time.GetTimestamp());
        if (!exchange.Content.Done) deadline.Set(worker.Limits.ContentTime);
    }

    private bool WantsContent => !exchange!.Content.Done && !exchange.IsOver && exchange.Close == CloseReason.None;

    /// <returns>How many bytes at the front of the buffer go up; 0 also when the content ends before its time.</returns>
    private int TakeContent(in ReadResult read)
    {
        ScanResult found = exchange!.Content.Take(read.Buffer.FirstSpan, out int taken);
        sendingContent = taken > 0 && found != ScanResult.Invalid;
        exchange.BytesUp += taken;
        if (taken > 0) client.IsSlow = usefulness.IsUselessWith(useful: taken > Usefulness.CrumbBytesMax || exchange.Content.Done);
        if (found == ScanResult.Invalid) GiveUp(CloseReason.GateContentFault);
        else if (taken == 0 && deadline.HasExpired) GiveUp(CloseReason.GateContentTimeout);
        else if (taken == 0 && read.IsCompleted) PassEnd(CloseReason.ClientContent, isLast: true);
        return found == ScanResult.Invalid ? 0 : taken;
    }

    /// <returns>True when the client has ended and only the answer is still to come.</returns>
    private bool WatchEnd(in ReadResult read)
    {
        // More requests in the buffer mean that this is not the end for the one under way: so it is without a gate.
        if (!exchange!.IsOver) PassEnd(CloseReason.ClientResponse, isLast: read.Buffer.Length == inHand);
        return !exchange.IsOver;
    }

    // A FIN goes on as a FIN, so that the upstream can still answer; anything worse as a reset.
    private void PassEnd(CloseReason reason, bool isLast)
    {
        if (client.InputEnd != InputEnd.Finished || exchange!.IsOver) GiveUp(reason);
        else if (isLast)
        {
            exchange.CloseFor(reason);
            pump!.FinishInput();
        }
    }

    private void GiveUp(CloseReason reason)
    {
        exchange!.CloseFor(reason);
        pump!.Abort();
    }

    /// <returns>True when the connection had died before the request, and the request can be sent once more.</returns>
    private bool TryAgain()
    {
        if (pump is not { IsFresh: false } || !exchange!.TryRetry(worker.Loop.Now, worker.Loop.Time)) return false;
        pump = null;
        inHand = 0;
        return true;
    }

    /// <returns>True when the connection goes on.</returns>
    private async ValueTask<bool> RefuseAsync(ReadResult read)
    {
        bool close = exchange!.EndsWithRefusal;
        if (close) exchange.CloseFor(CloseReason.GateRefused);
        Replies.Write(client, exchange, read.Buffer.FirstSpan, worker.Pool.Name, close);
        int consumed = exchange.Head.HeadLength + exchange.ContentAtHand;
        bool isKept = !close && !worker.IsDraining && read.Buffer.Length > consumed && client.IsAhead
            && client.Output.UnflushedBytes < RefusalBytesKept;
        if (!isKept && (await client.Output.FlushAsync()).IsCompleted) exchange.CloseFor(CloseReason.ClientResponse);
        return EndExchange(read, consumed);
    }

    /// <returns>True when the connection goes on.</returns>
    private async ValueTask<bool> EndExchangeAsync(ReadResult read)
    {
        if (pump is null) return await RefuseAsync(read);
        if (exchange!.Close == CloseReason.UpstreamFault) worker.TellFault(exchange);
        // Interim responses may fill the way down: then the client takes no word of the gate's own either.
        if (exchange is { State: AnswerState.Failed, HasPassed: false } && client.InputEnd == InputEnd.Open && !client.IsSending)
        {
            Replies.Write(client, exchange, read.Buffer.FirstSpan, worker.Pool.Name, close: true);
            await client.Output.FlushAsync();
        }
        // An answer that ends with its connection looks whole unless the client's ends badly, too.
        resetClient = exchange.State == AnswerState.Failed && exchange.Answer.IsUntilClose;
        return EndExchange(read, inHand);
    }

    private bool EndExchange(in ReadResult read, int consumed)
    {
        if (exchange!.Head.Close) exchange.CloseFor(CloseReason.ClientClose);
        if (worker.IsDraining) exchange.CloseFor(CloseReason.GateShutdown);
        bool goOn = exchange.Close == CloseReason.None;
        WriteEntry();
        // What follows has not been looked at yet.
        client.Input.AdvanceTo(read.Buffer.GetPosition(consumed));
        inHand = 0;
        return goOn;
    }

    private void WriteEntry()
    {
        Entries.Write(worker, policies.Listener, peer, exchange!);
        worker.Return(exchange!);
        exchange = null;
    }
}
