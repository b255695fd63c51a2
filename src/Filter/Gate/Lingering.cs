using System.IO.Pipelines;
using FastGate.Transport;

namespace FastGate.Gate;

/// <summary>
/// The polite end of a connection (RFC 9112 §9.6): the end is sent, and what the client still sends is taken and thrown
/// away, so that no reset overtakes the last answer.
/// </summary>
internal static class Lingering
{
    /// <summary>
    /// Returns when the client has ended as well, or when its time is over. Past the bytes that are thrown away nothing
    /// more is read: a close would reset the connection while a client in the middle of an upload has yet to look.
    /// </summary>
    public static async ValueTask RunAsync(SocketPipe client, GateLimits limits)
    {
        bool late = false;
        TaskCompletionSource over = new();
        Deadline deadline = client.Loop.CreateDeadline(() =>
        {
            late = true;
            client.Input.CancelPendingRead();
            over.SetResult();
        });
        deadline.Set(limits.LingerTime);
        client.Output.Complete();
        bool ended = false;
        for (long left = limits.LingerBytesMax; left > 0 && !late && !ended;)
        {
            ReadResult read = await client.Input.ReadAsync();
            left -= read.Buffer.Length;
            client.Input.AdvanceTo(read.Buffer.End);
            ended = read.IsCompleted;
        }
        if (!ended) await over.Task;
        deadline.Remove();
    }
}
