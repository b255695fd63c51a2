using FastGate.Proxy.AccessLog;

namespace FastGate.Proxy.Gate;

/// <summary>What interrupts a session from outside: deadlines, too little progress, the limits, and a
/// shutdown.</summary>
internal sealed partial class Session
{
    /// <summary>The rate of content is measured over this time.</summary>
    internal static readonly TimeSpan ContentGrace = TimeSpan.FromMinutes(1);

    // Why the session was woken, until the reason no longer applies.
    private WakeReason _wakes;

    // Why the gate closed the connection, whatever the session was doing.
    private CloseReason _closedFor;

    // Set while the session waits without reading its client.
    private TaskCompletionSource? _pause;

    /// <summary>
    /// Interrupts the wait of the session, which continues inside this call if it was waiting for its client. If it was
    /// not, it finds the reason at its next read.
    /// </summary>
    public void Wake(WakeReason reason)
    {
        _wakes |= reason;
        TaskCompletionSource? pause = _pause;
        if (pause is null)
        {
            _client.Input.CancelPendingRead();
        }
        else if (reason != WakeReason.Shutdown)
        {
            _pause = null;
            pause.SetResult();
        }
    }

    /// <summary>Ends the session now, in any phase.</summary>
    public void Abort(CloseReason reason)
    {
        CloseFor(reason);
        _upstream?.Abort();
        _client.Abort();
        EndPause();
    }

    /// <summary>Closes the connection so that another client can have its place, unless a request is in
    /// progress.</summary>
    /// <returns>False if one is.</returns>
    public bool TryEvict()
    {
        if (_phase is not (SessionPhase.Idle or SessionPhase.ReadingHead or SessionPhase.Lingering))
            return false;
        CloseFor(CloseReason.GateFull);
        _client.Close();
        EndPause();
        return true;
    }

    /// <summary>Ends the session if its client takes nothing of what is sent, or sends content below the minimum
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

    private bool IsWokenBy(WakeReason reasons) => (_wakes & reasons) != 0;

    private void SetDeadline(TimeSpan fromNow)
    {
        _wakes &= ~WakeReason.Deadline;
        _deadline.Set(fromNow);
    }

    private void ClearDeadline()
    {
        _wakes &= ~WakeReason.Deadline;
        _deadline.Clear();
    }

    private void OnDeadline()
    {
        switch (_phase)
        {
            case SessionPhase.SendingRequest:
                // If the upstream takes nothing, the client is not to blame, as long as it is still connected.
                if (_client.CheckConnected())
                    SetDeadline(_worker.Limits.ContentTime);
                else
                    GiveUp(CloseReason.ClientContent);
                break;
            case SessionPhase.AwaitingResponse:
                // Only an upstream that stopped taking the request has a deadline here.
                if (_exchange is { IsOver: false, FirstByte: 0 })
                {
                    GiveUp(CloseReason.UpstreamResponse);
                    Wake(WakeReason.ExchangeOver);
                }
                break;
            default:
                Wake(WakeReason.Deadline);
                break;
        }
    }

    private void CheckRate(GateLimits limits)
    {
        // Only while the session waits for its client: if the upstream takes nothing, the client is not to blame.
        if (_phase != SessionPhase.ReadingContent || _exchange!.IsOver)
            return;
        long now = _worker.Loop.Now;
        ContentMark mark = _exchange.Mark;
        TimeSpan measured = _worker.Loop.Time.GetElapsedTime(mark.At, now);
        if (mark.At != 0 && measured < ContentGrace)
            return;
        if (mark.At != 0 && _exchange.BytesUp - mark.Bytes < limits.ContentBytesPerMinute * measured.TotalMinutes)
            Wake(WakeReason.ContentTooSlow);
        else
            _exchange.Mark = new ContentMark(now, _exchange.BytesUp);
    }

    private void CloseFor(CloseReason reason)
    {
        _exchange?.CloseFor(reason);
        if (_closedFor == CloseReason.None)
            _closedFor = reason;
    }

    /// <summary>Waits without reading the client, until anything but a shutdown wakes the session.</summary>
    private Task PauseAsync()
    {
        _pause = new TaskCompletionSource();
        return _pause.Task;
    }

    // After the current event, as a closed connection ends a read: the caller may be inside one of the session's calls.
    private void EndPause()
    {
        TaskCompletionSource? pause = _pause;
        _pause = null;
        if (pause is not null)
            _client.Loop.Defer(pause.SetResult);
    }
}
