using System.IO.Pipelines;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>
/// The life of one client connection: it reads a head, decides, sends the request to Ollama and waits for the response,
/// then reads the next head. Belongs to the loop's thread.
/// </summary>
/// <remarks>
/// Two async methods run side by side: <see cref="RunAsync"/> reads the client, and <see cref="PassResponsesAsync"/>
/// reads one upstream connection. <see cref="SessionPhase"/> names what the first is waiting for. Only
/// <see cref="Wake"/>, or closing the connection, interrupts that wait.
/// </remarks>
internal sealed partial class Session
{
    private readonly Worker _worker;
    private readonly SocketPipe _client;
    private readonly PolicySlot _policies;
    private readonly AdmittedPeer _place;
    private readonly byte[] _peer;
    private readonly Deadline _deadline;
    private Usefulness _usefulness;
    private Exchange? _exchange;
    private UpstreamConnection? _upstream;
    private SessionPhase _phase;
    private bool _resetClient;

    // The client is doctor or install; null before the first request.
    private bool? _isProbe;

    // Bytes at the front of the client's buffer that have gone up and belong to the current request.
    private int _inHand;

    /// <param name="worker">What the sessions of the loop share.</param>
    /// <param name="client">The accepted connection; the session closes it.</param>
    /// <param name="policies">The listener's policy, read once for each request.</param>
    /// <param name="place">The client's place under the limits; the session records there when it becomes idle.</param>
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
        HeadAction action = HeadAction.Partial;
        while (goOn && action != HeadAction.End)
        {
            // 1. A head. Between requests the session holds nothing but sockets.
            BecomeIdle();
            ReadResult read;
            do
            {
                read = await _client.Input.ReadAsync();
                action = ScanHead(read);
                // Refusals were kept to share a send with the next one; nothing else may delay them.
                if (action != HeadAction.Refuse && _client.Output.UnflushedBytes > 0)
                    await _client.Output.FlushAsync();
            } while (action == HeadAction.Partial);
            ClearDeadline();
            _place.IdleSince = AdmittedPeer.Busy;

            // 2. The decision. A refused request never touches the upstream.
            if (action == HeadAction.Refuse)
                goOn = await RefuseAsync(read);
            if (action != HeadAction.Forward)
                continue;

            do
            {
                // 3. An upstream connection that belongs to this client alone.
                if (!TryTakeUpstream())
                    await ConnectUpstreamAsync();
                if (_upstream is null)
                    break;

                // 4. Head and content go up.
                Enter(SessionPhase.SendingRequest);
                FlushResult flush = await WriteHead(read);
                CountSent(_exchange!.Head.HeadLength + _exchange.ContentAtHand);
                while (WantsContent && !flush.IsCompleted)
                {
                    Enter(SessionPhase.ReadingContent);
                    _client.Input.AdvanceTo(read.Buffer.GetPosition(_inHand));
                    read = await _client.Input.ReadAsync();
                    _inHand = 0;
                    int taken = _exchange.IsOver ? 0 : TakeContent(read);
                    if (taken == 0)
                        continue;
                    Enter(SessionPhase.SendingRequest);
                    ValueTask<FlushResult> sending = _upstream.Output.WriteAsync(read.Buffer.First[..taken]);
                    // While the upstream takes nothing, the client cannot send more.
                    if (!sending.IsCompleted)
                        _exchange.Mark = default;
                    flush = await sending;
                    CountSent(taken);
                }

                // 5. The response comes down. Meanwhile the client is watched, so that its end reaches the upstream
                // immediately.
                Enter(SessionPhase.AwaitingResponse);
                ClearDeadline();
                // The upstream takes no more. It may have sent its reason, but has a time limit for that.
                if (flush.IsCompleted)
                    SetDeadline(_worker.Limits.LingerTime);
                while (!_exchange.IsOver)
                {
                    int consumed = _exchange.IsWhole ? 0 : _inHand;
                    // A client that has filled the buffer with further requests is read again after this response.
                    if (read.Buffer.Length - consumed == BufferPool.LargeBytes)
                        await PauseAsync();
                    if (_exchange.IsOver)
                        break;
                    _client.Input.AdvanceTo(read.Buffer.GetPosition(consumed), read.Buffer.End);
                    read = await _client.Input.ReadAsync();
                    _inHand -= consumed;
                    if (read.IsCompleted && PassClientEnd(read))
                        await PauseAsync();
                }
            } while (TryAgain());

            // 6. One entry in the access log, then the next head.
            goOn = await EndExchangeAsync(read);
        }

        // 7. The end. Release closes what is still open.
        _upstream?.Close();
        _place.IdleSince = _worker.Loop.Now;
        _client.IsSlow = true;
        if (_resetClient)
            _client.Abort();
        else if (action != HeadAction.End && _client.InputEnd == InputEnd.Open)
            await LingerAsync();
    }

    /// <summary>Returns everything the session still holds, however it ended.</summary>
    public void Release()
    {
        Enter(SessionPhase.Closed);
        _deadline.Remove();
        _client.Close();
        _client.Input.Complete();
        _client.Output.Complete();
        if (_exchange is not null)
            WriteEntry();
    }

    private void Enter(SessionPhase next)
    {
        _worker.PhaseObserver?.Invoke(_phase, next);
        _phase = next;
    }

    private void BecomeIdle()
    {
        Enter(SessionPhase.Idle);
        // Of the reasons so far, only a shutdown still applies to the next request.
        _wakes &= WakeReason.Shutdown;
        SetDeadline(_worker.Limits.IdleTime);
        _place.IdleSince = _worker.Loop.Now;
    }

    private HeadAction ScanHead(in ReadResult read)
    {
        ReadOnlySpan<byte> bytes = read.Buffer.FirstSpan;
        if (bytes.IsEmpty && (read.IsCompleted || IsWokenBy(WakeReason.Deadline | WakeReason.Shutdown)))
            return EndIdle(read.IsCompleted);
        HeadAction action = bytes.IsEmpty ? HeadAction.Partial : ScanHead(bytes, read.IsCompleted);
        // Everything was examined, so the next read waits for new bytes.
        if (action == HeadAction.Partial)
            _client.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        return action;
    }

    private HeadAction ScanHead(ReadOnlySpan<byte> bytes, bool ended)
    {
        if (_exchange is null)
        {
            Enter(SessionPhase.ReadingHead);
            _exchange = _worker.Borrow();
            _exchange.Begin(_worker.Loop.Now, _worker.Loop.Time.GetUtcNow());
            SetDeadline(_worker.Limits.HeadTime);
            _place.IdleSince = _worker.Loop.Now;
            // Known before the first byte, so it is asked once for each connection.
            _isProbe ??= _worker.Probes?.TryTake(_place.Address, _client.PeerPort, _policies.Listener) ?? false;
        }
        HeadAction action = RequestReader.Scan(
            _exchange,
            bytes,
            ended,
            IsWokenBy(WakeReason.Deadline),
            _policies.Current,
            _worker.Limits.HeadBytesMax
        );
        bool isUseful = action == HeadAction.Forward;
        _client.IsSlow = _usefulness.Count(isUseful);
        _place.IsUseful |= isUseful;
        if (_exchange.Head.Fault is HeadFault.ClientSpokeTls or HeadFault.ProxyProtocol)
            _worker.LogEarlyFault(_exchange.Head.Fault, _peer);
        if (action == HeadAction.End)
            WriteEntry();
        return action;
    }

    private bool TryTakeUpstream()
    {
        if (_upstream is { IsOpen: true })
            return true;
        SocketPipe? ready = _exchange!.IsRetry ? null : _worker.Pool.TryTake();
        _upstream = null;
        if (ready is not null)
            Use(ready, isFresh: false);
        return ready is not null;
    }

    private async ValueTask ConnectUpstreamAsync()
    {
        Enter(SessionPhase.Connecting);
        ConnectResult result = await _worker.Pool.ConnectAsync();
        if (result.Pipe is not null)
            Use(result.Pipe, isFresh: true);
        else
            _exchange!.Record(result.IsShortage ? VerdictKind.Overloaded : VerdictKind.Unavailable);
    }

    private void Use(SocketPipe pipe, bool isFresh)
    {
        _upstream = new UpstreamConnection(pipe, isFresh);
        _ = PassResponsesAsync(_upstream);
    }

    private ValueTask<FlushResult> WriteHead(in ReadResult read)
    {
        _upstream!.Expect(_exchange!);
        ReadOnlyMemory<byte> bytes = read.Buffer.First;
        HeadRewriter.Write(
            _upstream.Output,
            in _exchange!.Head,
            bytes.Span[.._exchange.Head.HeadLength],
            _exchange.Policy!
        );
        return _upstream.Output.WriteAsync(bytes.Slice(_exchange.Head.HeadLength, _exchange.ContentAtHand));
    }

    private void CountSent(int bytes)
    {
        _exchange!.IsSent = _exchange.Content.Done;
        _inHand += bytes;
        _exchange.Charge(_worker.Loop.Now, _worker.Loop.Time.GetTimestamp());
        if (!_exchange.Content.Done)
            SetDeadline(_worker.Limits.ContentTime);
    }

    private bool WantsContent =>
        !_exchange!.Content.Done && !_exchange.IsOver && _exchange.CloseReason == CloseReason.None;

    /// <returns>How many bytes at the front of the buffer go up; 0 also when the content ends early.</returns>
    private int TakeContent(in ReadResult read)
    {
        if (IsWokenBy(WakeReason.ContentTooSlow))
        {
            GiveUp(CloseReason.GateContentTimeout);
            return 0;
        }
        ScanResult found = _exchange!.Content.Take(read.Buffer.FirstSpan, out int taken);
        _exchange.BytesUp += taken;
        if (taken > 0)
            _client.IsSlow = _usefulness.Count(useful: taken > Usefulness.SmallReadBytesMax || _exchange.Content.Done);
        if (found == ScanResult.Invalid)
            GiveUp(CloseReason.GateContentFault);
        else if (taken == 0 && IsWokenBy(WakeReason.Deadline))
            GiveUp(CloseReason.GateContentTimeout);
        else if (taken == 0 && read.IsCompleted)
            PassEnd(CloseReason.ClientContent, isLast: true);
        return found == ScanResult.Invalid ? 0 : taken;
    }
}
