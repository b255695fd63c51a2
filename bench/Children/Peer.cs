using System.Net;
using FastGate.Test.Support;

namespace FastGate.Bench.Children;

/// <summary>A proxy between client and upstream: the gate, or a program that it is compared with.</summary>
/// <param name="Name">Name in the tables.</param>
/// <param name="Program">Path of the program.</param>
/// <param name="Prepare">Writes its files and returns its arguments.</param>
/// <param name="IsOwn">A gate of this source tree: it must start, and forward every disconnect.</param>
internal sealed record Peer(string Name, string Program, Func<PeerSettings, string[]> Prepare, bool IsOwn = false)
{
    /// <summary>Starts it without waiting.</summary>
    public Subject Launch(IPEndPoint upstream, bool pinned) => Prepared(upstream, pinned)();

    /// <summary>Writes its files now.</summary>
    /// <returns>Starts it without waiting.</returns>
    public Func<Subject> Prepared(IPEndPoint upstream, bool pinned)
    {
        PeerSettings site = new(
            ChildProcesses.NewFolder(),
            Ports.FreeEndPoint(),
            upstream,
            pinned ? 1 : Environment.ProcessorCount
        );
        string[] arguments = Prepare(site);
        return () => new Subject(Name, site.Listen, Child.Start(Program, arguments, site.Folder), IsOwn);
    }
}

/// <summary>Where a peer runs.</summary>
/// <param name="Folder">Folder for its files.</param>
/// <param name="Listen">Address for clients.</param>
/// <param name="Upstream">Address of the upstream server.</param>
/// <param name="Cores">Number of cores that it may use.</param>
internal sealed record PeerSettings(string Folder, IPEndPoint Listen, IPEndPoint Upstream, int Cores)
{
    /// <summary>Writes a file into the folder.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}

/// <summary>One path from the client to the upstream server: direct, or through a peer.</summary>
internal sealed record Subject(string Name, IPEndPoint EndPoint, Child? Process, bool IsOwn = false) : IDisposable
{
    public bool IsDirect => Process is null;

    public double CpuSeconds() => Process?.CpuSeconds() ?? 0;

    public void Dispose() => Process?.Dispose();
}
