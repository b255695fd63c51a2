using System.Text.Json;
using FastGate.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>The access log of a gate in a file of its own, read on from where it was read to.</summary>
internal sealed class LogLines : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fastgate-").FullName;
    private int _read;

    public string File => Path.Combine(_folder, "access.log");

    /// <summary>The lines since the last call, of all that the loop has done until now.</summary>
    public async Task<IReadOnlyList<JsonElement>> NextAsync(GateServer gate)
    {
        await gate.Workers[0].Loop.PostAsync(() => true).WithinDeadline();
        Assert.IsTrue(await gate.AccessLog!.FlushAsync().WithinDeadline());
        string[] lines = await System.IO.File.ReadAllLinesAsync(File);
        JsonElement[] news = [.. lines.Skip(_read).Select(line => JsonElement.Parse(line))];
        _read = lines.Length;
        return news;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
