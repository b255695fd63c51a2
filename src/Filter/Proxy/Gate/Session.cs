using System.IO.Pipelines;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>
/// The life of one client connection: head, decision, way up, and the wait for the answer that
/// <see cref="ResponsePump"/> brings down; then the next head. Belongs to the loop's thread.
/// </summary>
internal sealed partial class Session
{
    // Refusals that follow each other are sent together, as many as surely fit into a small buffer with one more.
    private const int RefusalBytesKept = BufferPool.SmallBytes - 4096;

    private readonly Worker _worker;
    private readonly SocketPipe _client;
    private readonly PolicySlot _policies;
    private readonly AdmittedPeer _place;
    private readonly byte[] _peer;
    private readonly Deadline _deadline;
    private Usefulness _usefulness;
    private Exchange? _exchange;
    private ResponsePump? _pump;
    private bool _sendingContent;
    private bool _resetClient;

    // Bytes at the front of the client's buffer that have gone up and belong to the request under way.
    private int _inHand;

    /// <param name="worker">What the sessions of the loop share.</param>
    /// <param name="client">The accepted connection; the session closes it.</param>
    /// <param name="policies">Where the listener's policy is read, once a request.</param>
    /// <param name="place">The client's place under the limits; it is told when the connection idles.</param>
    public Session(Worker worker, SocketPipe client, PolicySlot policies, AdmittedPeer place)
    {
        _worker = worker;
        _client = client;
        _policies = policies;
        _place = place;
        _peer = place.ToText();
        _deadline = worker.Loop.CreateDeadline(OnDeadline);
    }

    /// <summary>Serves the connection to its end; <see cref="Release"/> follows.</summary>
    public async Task RunAsync()
    {
        bool goOn = true;
        HeadAction step = HeadAction.Partial;
        while (goOn && step != HeadAction.End)
        {
            // 1. A head. Between requests nothing is held but the sockets.
            _deadline.Set(_worker.Limits.IdleTime);
            _place.IdleSince = _worker.Loop.Now;
            ReadResult read;
            do
            {
                read = await _client.Input.ReadAsync();
                step = ScanHead(read);
                // Refusals that were kept for one send with the next are not kept any longer.
                if (step != HeadAction.Refuse && _client.Output.UnflushedBytes > 0)
                    await _client.Output.FlushAsync();
            } while (step == HeadAction.Partial);
            _deadline.Clear();
            _place.IdleSince = AdmittedPeer.Busy;

            // 2. The decision. A refusal never touches the upstream.
            if (step == HeadAction.Refuse)
                goOn = await RefuseAsync(read);
            if (step != HeadAction.Forward)
                continue;

            do
            {
                // 3. An upstream connection that is this client's alone.
                if (!TryTakeUpstream())
                    await ConnectUpstreamAsync();
                if (_pump is null)
                    break;

                // 4. Head and content go up.
                FlushResult flush = await WriteHead(read);
                Sent(_exchange!.Head.HeadLength + _exchange.ContentAtHand);
                while (WantsContent && !flush.IsCompleted)
                {
                    _client.Input.AdvanceTo(read.Buffer.GetPosition(_inHand));
                    read = await _client.Input.ReadAsync();
                    _inHand = 0;
                    int taken = _exchange.IsOver ? 0 : TakeContent(read);
                    if (taken == 0)
                        continue;
                    ValueTask<FlushResult> sending = _pump.Output.WriteAsync(read.Buffer.First[..taken]);
                    // While the upstream takes nothing, no more can come of the client.
                    if (!sending.IsCompleted)
                        _exchange.Mark = default;
                    flush = await sending;
                    Sent(taken);
                }
                _deadline.Clear();
                // It takes no more: it may have said why already, but an answer to half a request is not waited for.
                _exchange.IsUnheard = flush.IsCompleted;
                if (_exchange.IsUnheard)
                    _deadline.Set(_worker.Limits.LingerTime);

                // 5. The answer comes down; meanwhile the client is watched, so that its end reaches the upstream at
                // once.
                while (!_exchange.IsOver)
                {
                    int consumed = _exchange.IsWhole ? 0 : _inHand;
                    // A client that has filled the buffer with further requests is watched again when one is answered.
                    if (read.Buffer.Length - consumed == BufferPool.LargeBytes)
                        await _pump.WhenOverAsync();
                    if (_exchange.IsOver)
                        break;
                    _client.Input.AdvanceTo(read.Buffer.GetPosition(consumed), read.Buffer.End);
                    read = await _client.Input.ReadAsync();
                    _inHand -= consumed;
                    if (read.IsCompleted && WatchEnd(read))
                        await _pump.WhenOverAsync();
                }
            } while (TryAgain());

            // 6. One entry in the log, and the next head.
            goOn = await EndExchangeAsync(read);
        }

        // 7. The end; what is not closed yet, Release closes.
        _pump?.Close();
        _place.IdleSince = _worker.Loop.Now;
        _client.IsSlow = true;
        if (_resetClient)
            _client.Abort();
        else if (step != HeadAction.End && _client.InputEnd == InputEnd.Open)
            await Lingering.RunAsync(_client, _worker);
    }

    /// <summary>Gives back what the session still holds; it has ended, in whatever way.</summary>
    public void Release()
    {
        _deadline.Remove();
        _client.Close();
        _client.Input.Complete();
        _client.Output.Complete();
        if (_exchange is not null)
            WriteEntry();
    }

    private HeadAction ScanHead(in ReadResult read)
    {
        ReadOnlySpan<byte> bytes = read.Buffer.FirstSpan;
        if (bytes.IsEmpty && (read.IsCompleted || _deadline.HasExpired || _worker.IsDraining))
            return EndIdle(read.IsCompleted);
        HeadAction step = bytes.IsEmpty ? HeadAction.Partial : ScanHead(bytes, read.IsCompleted);
        // Looked at in vain: what follows is news.
        if (step == HeadAction.Partial)
            _client.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        return step;
    }

    private HeadAction ScanHead(ReadOnlySpan<byte> bytes, bool ended)
    {
        if (_exchange is null)
        {
            _exchange = _worker.Borrow();
            _exchange.Begin(_worker.Loop.Now, _worker.Loop.Time.GetUtcNow());
            _deadline.Set(_worker.Limits.HeadTime);
            _place.IdleSince = _worker.Loop.Now;
        }
        HeadAction step = RequestReader.Scan(
            _exchange,
            bytes,
            ended,
            _deadline.HasExpired,
            _policies.Present,
            _worker.Limits.HeadBytesMax
        );
        bool isUseful = step == HeadAction.Forward;
        _client.IsSlow = _usefulness.IsUselessWith(isUseful);
        _place.IsUseful |= isUseful;
        if (_exchange.Head.Fault is HeadFault.ClientSpokeTls or HeadFault.ProxyProtocol)
            _worker.LogEarlyFault(_exchange.Head.Fault, _peer);
        if (step == HeadAction.End)
            WriteEntry();
        return step;
    }

    private bool TryTakeUpstream()
    {
        if (_pump is { IsOpen: true })
            return true;
        SocketPipe? warm = _exchange!.IsRetry ? null : _worker.Pool.TryTake();
        _pump = null;
        if (warm is not null)
            Use(warm, isFresh: false);
        return warm is not null;
    }

    private async ValueTask ConnectUpstreamAsync()
    {
        ConnectResult result = await _worker.Pool.ConnectAsync();
        if (result.Pipe is not null)
            Use(result.Pipe, isFresh: true);
        else
            _exchange!.Record(result.IsShortage ? VerdictKind.Overloaded : VerdictKind.Unavailable);
    }

    private void Use(SocketPipe upstream, bool isFresh)
    {
        _pump = new ResponsePump(upstream, _client, isFresh);
        _ = _pump.RunAsync(_worker, this);
    }

    private ValueTask<FlushResult> WriteHead(in ReadResult read)
    {
        _pump!.Expect(_exchange!);
        ReadOnlyMemory<byte> bytes = read.Buffer.First;
        HeadRewriter.Write(
            _pump.Output,
            in _exchange!.Head,
            bytes.Span[.._exchange.Head.HeadLength],
            _exchange.Policy!
        );
        return _pump.Output.WriteAsync(bytes.Slice(_exchange.Head.HeadLength, _exchange.ContentAtHand));
    }

    private void Sent(int bytes)
    {
        (_sendingContent, _exchange!.IsSent) = (false, _exchange.Content.Done);
        _inHand += bytes;
        _exchange.Charge(_worker.Loop.Now, _worker.Loop.Time.GetTimestamp());
        if (!_exchange.Content.Done)
            _deadline.Set(_worker.Limits.ContentTime);
    }

    private bool WantsContent =>
        !_exchange!.Content.Done && !_exchange.IsOver && _exchange.CloseReason == CloseReason.None;

    /// <returns>How many bytes at the front of the buffer go up; 0 also when the content ends before its
    /// time.</returns>
    private int TakeContent(in ReadResult read)
    {
        ScanResult found = _exchange!.Content.Take(read.Buffer.FirstSpan, out int taken);
        _sendingContent = taken > 0 && found != ScanResult.Invalid;
        _exchange.BytesUp += taken;
        if (taken > 0)
            _client.IsSlow = _usefulness.IsUselessWith(
                useful: taken > Usefulness.CrumbBytesMax || _exchange.Content.Done
            );
        if (found == ScanResult.Invalid)
            GiveUp(CloseReason.GateContentFault);
        else if (taken == 0 && _deadline.HasExpired)
            GiveUp(CloseReason.GateContentTimeout);
        else if (taken == 0 && read.IsCompleted)
            PassEnd(CloseReason.ClientContent, isLast: true);
        return found == ScanResult.Invalid ? 0 : taken;
    }

    /// <returns>True when the client has ended and only the answer is still to come.</returns>
    private bool WatchEnd(in ReadResult read)
    {
        // More requests in the buffer mean that this is not the end for the one under way: so it is without a gate.
        if (!_exchange!.IsOver)
            PassEnd(CloseReason.ClientResponse, isLast: read.Buffer.Length == _inHand);
        return !_exchange.IsOver;
    }

    // A FIN goes on as a FIN, so that the upstream can still answer; anything worse as a reset.
    private void PassEnd(CloseReason reason, bool isLast)
    {
        if (_client.InputEnd != InputEnd.Finished || _exchange!.IsOver)
            GiveUp(reason);
        else if (isLast)
        {
            _exchange.CloseFor(reason);
            _pump!.FinishInput();
        }
    }

    private void GiveUp(CloseReason reason)
    {
        _exchange!.CloseFor(reason);
        _pump!.Abort();
    }
}
