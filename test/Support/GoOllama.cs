using System.Net;
using System.Text.Json;

namespace FastGate.Test.Support;

/// <summary>
/// The Go program of <c>test/go</c>: a server like Ollama's, which reports every request that it understood.
/// </summary>
internal sealed class GoOllama : IWitness
{
    private static readonly Lazy<Task<string>> Built = new(BuildAsync);

    private readonly ChildProcess _process;

    private GoOllama(ChildProcess process, int port)
    {
        _process = process;
        Endpoint = new IPEndPoint(IPAddress.Loopback, port);
    }

    public IPEndPoint Endpoint { get; }

    public static async Task<GoOllama> StartAsync()
    {
        Required.Tool("go");
        var process = ChildProcess.Start(await Built.Value, []);
        var first = JsonDocument.Parse(
            await process.ReadLineAsync() ?? throw new EndOfStreamException("The Go program printed no port.")
        );
        return new GoOllama(process, first.RootElement.GetProperty("port").GetInt32());
    }

    /// <summary>The requests since the last call, once every connection that carried a byte has closed.</summary>
    public async Task<IReadOnlyList<GoReport>> SyncAsync()
    {
        await _process.WriteLineAsync("sync");
        return await ReadThroughAsync("sync");
    }

    /// <summary>The requests since the last call, once every connection has closed.</summary>
    public async Task<IReadOnlyList<GoReport>> EndAsync()
    {
        _process.CloseInput();
        return await ReadThroughAsync("end");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<IReadOnlyList<GoReport>> ReadThroughAsync(string mark)
    {
        var reports = new List<GoReport>();
        while (await _process.ReadLineAsync() is { } line)
        {
            if (line == $"{{\"{mark}\":true}}")
                return reports;
            if (line == $"{{\"{mark}\":false}}")
                Assert.Fail("A connection to Ollama was still open 45 s after its client disconnected.");
            reports.Add(GoReport.Parse(line));
        }
        throw new EndOfStreamException($"The Go program ended before it printed {mark}.");
    }

    private static async Task<string> BuildAsync()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "go-ollama");
        await using var build = ChildProcess.Start(
            Required.Tool("go"),
            ["build", "-o", program, "."],
            Path.Combine(SourceTree.Root, "test", "go"),
            ("GO111MODULE", "off")
        );
        var (exitCode, _, faults) = await build.EndAsync(TimeSpan.FromMinutes(3));
        return exitCode == 0 ? program : throw new InvalidOperationException(faults);
    }
}
