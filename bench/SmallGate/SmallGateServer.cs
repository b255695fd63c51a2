using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Rules;
using Pipelines.Sockets.Unofficial;

namespace FastGate.Bench.SmallGate;

/// <summary>
/// A small gate whose sockets are those of Pipelines.Sockets.Unofficial, in a process of its own: the rules, scanners
/// and replies of FastGate, without its access log, metrics and limits. Exits at the end of standard input.
/// </summary>
internal static class SmallGateServer
{
    // The fastest that this library offers: each step continues on the thread that received, an idle connection waits
    // without a buffer, and a read takes as much as FastGate's.
    private const SocketConnectionOptions Options =
        SocketConnectionOptions.InlineReads
        | SocketConnectionOptions.InlineWrites
        | SocketConnectionOptions.ZeroLengthReads;

    private const int ReadBytes = 64 * 1024;

    private static readonly PipeOptions Receiving = Inline(ReadBytes, 4 * ReadBytes);
    private static readonly PipeOptions Sending = Inline(4 * 1024, 4 * ReadBytes);

    public static int Run(IPEndPoint listen, IPEndPoint upstream)
    {
        // Otherwise .NET passes each completion to another thread. Read once, when the first socket is used.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        GatePolicy policy = new()
        {
            Rules = RuleSet.Compile(AllowList.Expand(["@seed"]).Rules),
            Hosts = new HostNames(Environment.MachineName, []),
            UpstreamHost = GatePolicy.UpstreamHostFor(upstream),
        };
        using Socket listener = new(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(listen);
        listener.Listen(4096);
        _ = AcceptAsync(listener, policy, upstream);
        while (Console.In.Read() >= 0)
        {
            // The parent process is still running.
        }
        return 0;
    }

    public static async Task<SocketConnection> ConnectAsync(IPEndPoint upstream)
    {
        Socket socket = new(upstream.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(upstream);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
        return Over(socket);
    }

    private static async Task AcceptAsync(Socket listener, GatePolicy policy, IPEndPoint upstream)
    {
        while (true)
        {
            Socket socket = await listener.AcceptAsync();
            _ = ServeAsync(new SmallGateSession(Over(socket), policy, upstream));
        }
    }

    private static async Task ServeAsync(SmallGateSession session)
    {
        using (session)
            await session.RunAsync();
    }

    private static SocketConnection Over(Socket socket)
    {
        socket.NoDelay = true;
        return SocketConnection.Create(socket, Sending, Receiving, Options);
    }

    private static PipeOptions Inline(int segmentBytes, int heldBytesMax) =>
        new(
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: heldBytesMax,
            resumeWriterThreshold: heldBytesMax / 2,
            minimumSegmentSize: segmentBytes,
            useSynchronizationContext: false
        );
}
