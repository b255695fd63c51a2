using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Clients;

/// <summary>
/// The npm packages openai, @anthropic-ai/sdk and ollama; <c>npm install</c> in <c>test/npm</c> installs them.
/// </summary>
[TestClass]
public sealed class NpmClientTests
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "test", "npm");

    [TestMethod, EveryWay]
    public async Task Scenarios_Pass(Way way)
    {
        var node = Required.Tool("node");
        foreach (var package in (string[])["openai", "@anthropic-ai/sdk", "ollama"])
        {
            if (!Directory.Exists(Path.Combine(Folder, "node_modules", package)))
                Required.Missing($"package {package} (npm install in test/npm)");
        }

        await using var standIn = await StandInOllama.StartAsync();
        await using var entrance = await Entrance.OpenAsync(way, standIn.Endpoint, "@seed");
        var address = entrance.Address.ToString().TrimEnd('/');
        string[] arguments = ["clients.mjs", address, way == Way.Direct ? "--direct" : "--gate"];
        await using var script = ChildProcess.Start(node, arguments, Folder);
        var (exitCode, output, faults) = await script.EndAsync(TimeSpan.FromMinutes(2));
        Assert.AreEqual(0, exitCode, output + faults);
    }
}
