using System.Net.Sockets;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>Opens and closes doorways on the thread of the accepting loop. Any thread may call it.</summary>
internal sealed class AcceptLoopFactory(Loop loop, Admission admission, WorkerRing ring, GateLimits limits, ILogger log)
{
    /// <param name="listener">A listening socket; it is closed with the doorway, or here.</param>
    /// <param name="policies">The listener's policy.</param>
    /// <param name="from">The peers that may connect.</param>
    /// <returns>The doorway and its end; null when the system has no room for it.</returns>
    public Task<(AcceptLoop Doorway, Task Accepting)?> OpenAsync(
        Socket listener,
        PolicySlot policies,
        IReadOnlyList<AddressRange> from
    ) => loop.PostAsync(() => Open(listener, policies, from));

    public Task CloseAsync(AcceptLoop doorway) =>
        loop.PostAsync(() =>
        {
            doorway.Close();
            return true;
        });

    /// <summary>The connections that are open stay.</summary>
    public Task ChangeFromAsync(AcceptLoop doorway, IReadOnlyList<AddressRange> from) =>
        loop.PostAsync(() => doorway.From = from);

    private (AcceptLoop Doorway, Task Accepting)? Open(
        Socket listener,
        PolicySlot policies,
        IReadOnlyList<AddressRange> from
    )
    {
        try
        {
            Acceptor acceptor = new(loop, new Descriptor(listener), log);
            AcceptLoop doorway = new(acceptor, loop, admission, ring, policies, from, limits, log);
            return (doorway, doorway.RunAsync());
        }
        catch (IOException)
        {
            // No room for another watch: the caller tells it, and tries again.
            listener.Dispose();
            return null;
        }
    }
}
