using System.IO.Pipelines;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>How an exchange ends (another try, a refusal, its response), and then the connection.</summary>
internal sealed partial class Session
{
    // Consecutive refusals are sent together, as many as certainly fit into a small buffer with one more.
    private const int RefusalBytesKept = BufferPool.SmallBytes - 4096;

    private TimeSpan LingerMax => _worker.IsDraining ? _worker.Limits.LingerTime : _worker.Limits.LingerTotalTime;

    /// <returns>True if the connection had died before the request, which can then be sent once more.</returns>
    private bool TryAgain()
    {
        if (_upstream is not { IsFresh: false } || !_exchange!.TryRetry(_worker.Loop.Now, _worker.Loop.Time))
            return false;
        ClearDeadline();
        _upstream = null;
        _inHand = 0;
        return true;
    }

    /// <returns>True if the connection stays open.</returns>
    private async ValueTask<bool> RefuseAsync(ReadResult read)
    {
        Enter(SessionPhase.Replying);
        bool close = _exchange!.EndsWithRefusal || _worker.IsDraining;
        if (_exchange.EndsWithRefusal)
            _exchange.CloseFor(CloseReason.GateRefused);
        Replies.Write(_client, _exchange, read.Buffer.FirstSpan, _worker.Pool.Name, close);
        int consumed = _exchange.Head.HeadLength + _exchange.ContentAtHand;
        bool isKept =
            !close
            && read.Buffer.Length > consumed
            && _client.CanReadNow
            && _client.Output.UnflushedBytes < RefusalBytesKept;
        if (!isKept && (await _client.Output.FlushAsync()).IsCompleted)
            _exchange.CloseFor(CloseReason.ClientResponse);
        return EndExchange(read, consumed);
    }

    /// <returns>True if the connection stays open.</returns>
    private async ValueTask<bool> EndExchangeAsync(ReadResult read)
    {
        if (_upstream is null)
            return await RefuseAsync(read);
        if (_exchange!.CloseReason == CloseReason.UpstreamFault)
            _worker.LogFault(_exchange);
        // If interim responses fill the client's send buffer, the gate's own response could not be sent either.
        if (
            _exchange is { State: ResponseState.Failed, HasPassed: false }
            && _client.InputEnd == InputEnd.Open
            && !_client.IsSending
        )
        {
            Enter(SessionPhase.Replying);
            Replies.Write(_client, _exchange, read.Buffer.FirstSpan, _worker.Pool.Name, close: true);
            await _client.Output.FlushAsync();
        }
        // A response that ends with its connection looks complete unless the client's connection is reset as well.
        _resetClient = _exchange.State == ResponseState.Failed && _exchange.Response.IsUntilClose;
        return EndExchange(read, _inHand);
    }

    private bool EndExchange(in ReadResult read, int consumed)
    {
        if (_exchange!.Head.EndsConnection)
            _exchange.CloseFor(CloseReason.ClientClose);
        if (_worker.IsDraining)
            _exchange.CloseFor(CloseReason.GateShutdown);
        bool goOn = _exchange.CloseReason == CloseReason.None;
        WriteEntry();
        // What follows has not been examined yet.
        _client.Input.AdvanceTo(read.Buffer.GetPosition(consumed));
        _inHand = 0;
        return goOn;
    }

    private HeadAction EndIdle(bool byClient)
    {
        CloseReason reason = byClient ? CloseReason.ClientIdle : CloseReason.GateIdleTimeout;
        return _worker.EndIdle(_closedFor != CloseReason.None ? _closedFor : reason);
    }

    /// <summary>
    /// Closes the connection so that the client can still read the last response (RFC 9112 §9.6): sends the end, then
    /// discards what the client still sends, so that no reset overtakes the response. Most clients read a response only
    /// after they have sent everything.
    /// </summary>
    /// <returns>
    /// Completes when the client has ended as well, when nothing has come for a while, or after a maximum time. Past
    /// the bytes that may be discarded nothing more is read: closing then would reset the connection while the client
    /// is in the middle of an upload.
    /// </returns>
    private async ValueTask LingerAsync()
    {
        Enter(SessionPhase.Lingering);
        long began = _worker.Loop.Now;
        SetDeadline(_worker.Limits.LingerTime);
        _client.Output.Complete();
        bool ended = false;
        bool tooLong = false;
        for (
            long left = _worker.Limits.LingerBytesMax;
            left > 0 && !ended && !tooLong && !IsWokenBy(WakeReason.Deadline);

        )
        {
            ReadResult read = await _client.Input.ReadAsync();
            long length = read.Buffer.Length;
            _client.Input.AdvanceTo(read.Buffer.End);
            left -= length;
            ended = read.IsCompleted;
            // A steady upload may take its time; one that trickles, or lasts through a shutdown, may not.
            TimeSpan rest = LingerMax - _worker.Loop.Time.GetElapsedTime(began, _worker.Loop.Now);
            tooLong = rest <= TimeSpan.Zero;
            if (length > 0 && !tooLong && !IsWokenBy(WakeReason.Deadline))
                SetDeadline(rest < _worker.Limits.LingerTime ? rest : _worker.Limits.LingerTime);
        }
        if (!ended && !tooLong && !IsWokenBy(WakeReason.Deadline))
            await PauseAsync();
    }

    private void WriteEntry()
    {
        ExchangeRecorder.Write(_worker, _policies.Listener, _peer, _isProbe == true, _exchange!);
        _worker.Return(_exchange!);
        _exchange = null;
    }
}
