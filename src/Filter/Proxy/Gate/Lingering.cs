using System.IO.Pipelines;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>
/// The polite end of a connection (RFC 9112 §9.6): the end is sent, and what the client still sends is taken and thrown
/// away, so that no reset overtakes the last answer. Most clients look for an answer only when they have sent
/// everything.
/// </summary>
internal static class Lingering
{
    /// <summary>
    /// Returns when the client has ended as well, when nothing has come for a while, or when it has been going on for
    /// too long. Past the bytes that are thrown away nothing more is read: a close would reset the connection while a
    /// client in the middle of an upload has yet to look.
    /// </summary>
    public static async ValueTask RunAsync(SocketPipe client, Worker worker)
    {
        long began = worker.Loop.Now;
        TaskCompletionSource over = new();
        Deadline deadline = worker.Loop.CreateDeadline(() =>
        {
            client.Input.CancelPendingRead();
            over.SetResult();
        });
        deadline.Set(worker.Limits.LingerTime);
        client.Output.Complete();
        bool ended = false;
        bool tooLong = false;
        for (long left = worker.Limits.LingerBytesMax; left > 0 && !ended && !tooLong && !deadline.HasExpired; )
        {
            ReadResult read = await client.Input.ReadAsync();
            long length = read.Buffer.Length;
            client.Input.AdvanceTo(read.Buffer.End);
            left -= length;
            ended = read.IsCompleted;
            // What flows is waited for; that it trickles for ever, or through a shutdown, is not.
            TimeSpan rest = Longest(worker) - worker.Loop.Time.GetElapsedTime(began, worker.Loop.Now);
            tooLong = rest <= TimeSpan.Zero;
            if (length > 0 && !tooLong && !deadline.HasExpired)
                deadline.Set(rest < worker.Limits.LingerTime ? rest : worker.Limits.LingerTime);
        }
        if (!ended && !tooLong && !deadline.HasExpired)
            await over.Task;
        deadline.Remove();
    }

    private static TimeSpan Longest(Worker worker) =>
        worker.IsDraining ? worker.Limits.LingerTime : worker.Limits.LingerTotalTime;
}
