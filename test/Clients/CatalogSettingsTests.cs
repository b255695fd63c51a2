using FastGate.Commands.Clients;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Clients;

/// <summary>The JavaScript settings that <c>fastgate clients</c> prints, run as they are against a gate with the rules
/// that it names.</summary>
[TestClass]
public sealed class CatalogSettingsTests
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "test", "npm");

    [TestMethod]
    [DataRow("openai-sdk", "openai", "for await (const model of client.models.list()) console.log(model.id);")]
    [DataRow(
        "anthropic-sdk",
        "@anthropic-ai/sdk",
        "const m = await client.messages.create({ model: 'qwen2.5-coder:32b', max_tokens: 9, "
            + "messages: [{ role: 'user', content: 'hi' }] }); console.log(m.model);"
    )]
    [DataRow("ollama-sdk", "ollama", "for (const model of (await client.list()).models) console.log(model.name);")]
    public async Task JavaScript_Works(string id, string package, string call)
    {
        string node = Required.Tool("node");
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", package)))
            Required.Missing($"package {package} (npm install in test/npm)");
        Client client = ClientCatalog.Find(id)!;
        await using StandInOllama standIn = await StandInOllama.StartAsync();
        await using RunningGate gate = await RunningGate.StartAsync(standIn.Endpoint, Way.Epoll, client.Allow);
        string script =
            client.Settings.Single(setting => setting.Language == "js").Text(gate.Endpoint.ToString()) + $"\n{call}\n";
        await using ChildProcess process = ChildProcess.Start(node, ["--input-type=module", "--eval", script], Folder);
        (int code, string output, string faults) = await process.EndAsync(StepDeadline.Longest);
        Assert.AreEqual(0, code, output + faults);
        Assert.Contains("qwen2.5-coder:32b", output);
    }
}
