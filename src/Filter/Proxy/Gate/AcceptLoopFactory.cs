using System.Net.Sockets;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>Opens and closes accept loops on the accepting loop's thread. Any thread may call it.</summary>
internal sealed class AcceptLoopFactory(Loop loop, Admission admission, WorkerRing ring, GateLimits limits, ILogger log)
{
    /// <param name="listener">A listening socket; closed together with the accept loop, or here on failure.</param>
    /// <param name="policies">The listener's policy.</param>
    /// <param name="from">The peers that may connect.</param>
    /// <returns>The accept loop, and the task that completes with it; null if the system cannot watch another
    /// socket.</returns>
    public Task<(AcceptLoop AcceptLoop, Task Accepting)?> OpenAsync(
        Socket listener,
        PolicySlot policies,
        IReadOnlyList<AddressRange> from
    ) => loop.PostAsync(() => Open(listener, policies, from));

    public Task CloseAsync(AcceptLoop acceptLoop) =>
        loop.PostAsync(() =>
        {
            acceptLoop.Close();
            return true;
        });

    /// <summary>Changes who may connect; open connections stay open.</summary>
    public Task ChangeFromAsync(AcceptLoop acceptLoop, IReadOnlyList<AddressRange> from) =>
        loop.PostAsync(() => acceptLoop.From = from);

    private (AcceptLoop AcceptLoop, Task Accepting)? Open(
        Socket listener,
        PolicySlot policies,
        IReadOnlyList<AddressRange> from
    )
    {
        try
        {
            Acceptor acceptor = new(loop, new Descriptor(listener), log);
            AcceptLoop acceptLoop = new(acceptor, loop, admission, ring, policies, from, limits, log);
            return (acceptLoop, acceptLoop.RunAsync());
        }
        catch (IOException)
        {
            // The system cannot watch another socket. The caller logs it and retries.
            listener.Dispose();
            return null;
        }
    }
}

/// <summary>Distributes new connections to the loops in turn. Belongs to the accepting loop's thread.</summary>
internal sealed class WorkerRing(IReadOnlyList<Worker> workers)
{
    private int _next;

    public Worker Next()
    {
        Worker worker = workers[_next];
        _next = (_next + 1) % workers.Count;
        return worker;
    }
}
