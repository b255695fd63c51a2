using System.Net;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Metrics;
using FastGate.Test.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Admin;

/// <summary>A server of fixed metrics, on a socket and on a port.</summary>
internal sealed class AdminScene : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fg-");

    public AdminScene(AdminLimits? limits = null, Func<GateSnapshot>? takeSnapshot = null)
    {
        Port = Ports.Free();
        Server = AdminServer.Start(
            new AdminOptions(Socket, Port),
            new AdminSource(
                () => Task.FromResult(takeSnapshot?.Invoke() ?? Samples.Snapshot),
                () => Samples.History,
                (client, gate) =>
                {
                    Probes.Add($"{client} {gate}");
                    return gate.Port == 11434;
                }
            ),
            TimeProvider.System,
            Log,
            limits
        );
    }

    public string Socket => Path.Combine(_folder.FullName, "gate.sock");

    public int Port { get; }

    public AdminServer Server { get; }

    /// <summary>The probes that were announced.</summary>
    public List<string> Probes { get; } = [];

    public RecordingLogger Log { get; } = new();

    public Task<RawClient> ConnectAsync(bool isPort) =>
        isPort ? RawClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port)) : UnixConnection.ConnectAsync(Socket);

    /// <summary>Sends a request, and reads the response and the end of the connection.</summary>
    public async Task<RawResponse> SendAsync(string request, bool isPort)
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
        Assert.IsEmpty(_folder.GetFileSystemInfos(), "no files are left");
        _folder.Delete();
    }
}
