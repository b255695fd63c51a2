using System.Text.Json;
using FastGate.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>A gate's access log in its own file, read incrementally.</summary>
internal sealed class LogLines : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fastgate-").FullName;
    private int _read;

    public string File => Path.Combine(_folder, "access.log");

    /// <summary>The lines since the last call, for everything the loop has done so far.</summary>
    public async Task<IReadOnlyList<JsonElement>> NextAsync(GateServer gate)
    {
        await gate.Workers[0].Loop.PostAsync(() => true).WithinDeadline();
        Assert.IsTrue(await gate.AccessLog!.FlushAsync().WithinDeadline());
        string[] lines = await System.IO.File.ReadAllLinesAsync(File);
        JsonElement[] added = [.. lines.Skip(_read).Select(line => JsonElement.Parse(line))];
        _read = lines.Length;
        return added;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
