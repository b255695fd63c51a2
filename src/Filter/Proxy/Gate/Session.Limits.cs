using FastGate.Proxy.AccessLog;

namespace FastGate.Proxy.Gate;

/// <summary>What ends a session from outside its own course: time, a lack of progress, a lack of places, the gate's
/// end.</summary>
internal sealed partial class Session
{
    /// <summary>Over how long the rate of content is measured.</summary>
    internal static readonly TimeSpan ContentGrace = TimeSpan.FromMinutes(1);

    private bool _isEvicted;

    /// <summary>Makes the session look whether it is to end.</summary>
    public void Nudge() => _client.Input.CancelPendingRead();

    /// <summary>Ends the session now, whatever it is doing.</summary>
    public void Abort(CloseReason reason)
    {
        _exchange?.CloseFor(reason);
        _pump?.Abort();
        _client.Abort();
    }

    /// <summary>Closes the connection so that another client can have its place, unless a request is under
    /// way.</summary>
    /// <returns>False when one is.</returns>
    public bool TryEvict()
    {
        if (_place.IdleSince == AdmittedPeer.Busy)
            return false;
        _isEvicted = true;
        _exchange?.CloseFor(CloseReason.GateFull);
        _client.Close();
        return true;
    }

    /// <summary>Ends the session if its client takes nothing of what is sent, or if content comes below the least
    /// rate.</summary>
    public void CheckProgress()
    {
        GateLimits limits = _worker.Limits;
        if (
            _client.IsSending
            && limits.StallTime > TimeSpan.Zero
            && _worker.Loop.Time.GetElapsedTime(_client.StalledSince, _worker.Loop.Now) >= limits.StallTime
        )
        {
            Abort(CloseReason.GateContentTimeout);
        }
        else if (limits.ContentBytesPerMinute > 0)
        {
            CheckRate(limits);
        }
    }

    private void CheckRate(GateLimits limits)
    {
        // Only while the client is waited for: what the upstream does not take is no fault of the client's.
        if (_exchange is null || _pump is null || _sendingContent || _exchange.IsOver || !WantsContent)
            return;
        long now = _worker.Loop.Now;
        ContentMark mark = _exchange.Mark;
        TimeSpan measured = _worker.Loop.Time.GetElapsedTime(mark.At, now);
        if (mark.At != 0 && measured < ContentGrace)
            return;
        if (mark.At != 0 && _exchange.BytesUp - mark.Bytes < limits.ContentBytesPerMinute * measured.TotalMinutes)
        {
            GiveUp(CloseReason.GateContentTimeout);
            _client.Input.CancelPendingRead();
            return;
        }
        _exchange.Mark = new ContentMark(now, _exchange.BytesUp);
    }

    private HeadAction EndIdle(bool byClient)
    {
        CloseReason reason = byClient ? CloseReason.ClientIdle : CloseReason.GateIdleTimeout;
        return _worker.EndIdle(_isEvicted ? CloseReason.GateFull : reason);
    }

    private void OnDeadline()
    {
        if (_sendingContent)
        {
            // That the upstream takes nothing is no fault of the client's, as long as there is one.
            if (_client.CheckConnected())
                _deadline.Set(_worker.Limits.ContentTime);
            else
                GiveUp(CloseReason.ClientContent);
            return;
        }
        if (_exchange is { IsUnheard: true, IsOver: false, FirstByte: 0 })
            GiveUp(CloseReason.UpstreamResponse);
        _client.Input.CancelPendingRead();
    }
}
