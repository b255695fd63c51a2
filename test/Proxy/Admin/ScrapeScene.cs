using System.Net;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Admin;

/// <summary>A server of numbers that are always the same, on a socket and on a port.</summary>
internal sealed class ScrapeScene : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fg-");

    public ScrapeScene(AdminLimits? limits = null, Func<GateSnapshot>? take = null)
    {
        Port = Ports.Free();
        Server = AdminServer.Start(
            new AdminOptions(Socket, Port),
            take ?? (() => Samples.Snapshot),
            TimeProvider.System,
            Log,
            limits
        );
    }

    public string Socket => Path.Combine(_folder.FullName, "gate.sock");

    public int Port { get; }

    public AdminServer Server { get; }

    public RecordingLogger Log { get; } = new();

    public Task<RawClient> ConnectAsync(bool isPort) =>
        isPort ? RawClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port)) : UnixConnection.ConnectAsync(Socket);

    /// <summary>Sends a request, and reads the answer and the end of the connection.</summary>
    public async Task<RawResponse> AskAsync(string request, bool isPort)
    {
        using RawClient client = await ConnectAsync(isPort);
        await client.SendAsync(request);
        RawResponse response = await client.ReadResponseAsync(request.StartsWith("HEAD ", StringComparison.Ordinal));
        client.Connection.FinishSending();
        Assert.IsEmpty(await client.Connection.ReadToEndAsync());
        return response;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Assert.IsEmpty(_folder.GetFileSystemInfos(), "nothing is left");
        _folder.Delete();
    }
}
