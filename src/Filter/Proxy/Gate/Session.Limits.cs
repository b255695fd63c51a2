using FastGate.Proxy.AccessLog;

namespace FastGate.Proxy.Gate;

/// <summary>What ends a session from outside its own course: time, a lack of progress, a lack of places, the gate's end.</summary>
internal sealed partial class Session
{
    /// <summary>Over how long the rate of content is measured.</summary>
    internal static readonly TimeSpan ContentGrace = TimeSpan.FromMinutes(1);

    private bool isEvicted;

    /// <summary>Makes the session look whether it is to end.</summary>
    public void Nudge() => client.Input.CancelPendingRead();

    /// <summary>Ends the session now, whatever it is doing.</summary>
    public void Abort(CloseReason reason)
    {
        exchange?.CloseFor(reason);
        pump?.Abort();
        client.Abort();
    }

    /// <summary>Closes the connection so that another client can have its place, unless a request is under way.</summary>
    /// <returns>False when one is.</returns>
    public bool TryEvict()
    {
        if (place.IdleSince == AdmittedPeer.Busy) return false;
        isEvicted = true;
        exchange?.CloseFor(CloseReason.GateFull);
        client.Close();
        return true;
    }

    /// <summary>Ends the session if its client takes nothing of what is sent, or if content comes below the least rate.</summary>
    public void CheckProgress()
    {
        GateLimits limits = worker.Limits;
        if (client.IsSending && limits.StallTime > TimeSpan.Zero
            && worker.Loop.Time.GetElapsedTime(client.SendsSince, worker.Loop.Now) >= limits.StallTime)
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
        if (exchange is null || pump is null || sendingContent || exchange.IsOver || !WantsContent) return;
        long now = worker.Loop.Now;
        ContentMark mark = exchange.Mark;
        TimeSpan measured = worker.Loop.Time.GetElapsedTime(mark.At, now);
        if (mark.At != 0 && measured < ContentGrace) return;
        if (mark.At != 0 && exchange.BytesUp - mark.Bytes < limits.ContentBytesPerMinute * measured.TotalMinutes)
        {
            GiveUp(CloseReason.GateContentTimeout);
            client.Input.CancelPendingRead();
            return;
        }
        exchange.Mark = new ContentMark(now, exchange.BytesUp);
    }

    private HeadStep EndIdle(bool byClient)
    {
        CloseReason reason = byClient ? CloseReason.ClientIdle : CloseReason.GateIdleTimeout;
        return worker.EndIdle(isEvicted ? CloseReason.GateFull : reason);
    }

    private void OnDeadline()
    {
        if (sendingContent)
        {
            // That the upstream takes nothing is no fault of the client's, as long as there is one.
            if (client.IsStillThere()) deadline.Set(worker.Limits.ContentTime);
            else GiveUp(CloseReason.ClientContent);
            return;
        }
        if (exchange is { IsUnheard: true, IsOver: false, FirstByte: 0 }) GiveUp(CloseReason.UpstreamResponse);
        client.Input.CancelPendingRead();
    }
}
