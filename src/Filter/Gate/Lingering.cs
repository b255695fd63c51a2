using System.IO.Pipelines;
using FastGate.Transport;

namespace FastGate.Gate;

/// <summary>
/// The polite end of a connection (RFC 9112 §9.6): the end is sent, and what the client still sends is taken and thrown
/// away, so that no reset overtakes the last answer.
/// </summary>
internal static class Lingering
{
    /// <summary>Returns when the client has ended as well, or when it has had its time and its bytes.</summary>
    public static async ValueTask RunAsync(SocketPipe client, GateLimits limits)
    {
        bool late = false;
        Deadline deadline = client.Loop.CreateDeadline(() =>
        {
            late = true;
            client.Input.CancelPendingRead();
        });
        deadline.Set(limits.LingerTime);
        client.Output.Complete();
        long left = limits.LingerBytesMax;
        while (left > 0 && !late)
        {
            ReadResult read = await client.Input.ReadAsync();
            left -= read.Buffer.Length;
            client.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }
        deadline.Remove();
    }
}
