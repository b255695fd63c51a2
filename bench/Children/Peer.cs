using System.Net;

namespace FastGate.Bench.Children;

/// <summary>A proxy between client and upstream: the gate, or a program that it is compared with.</summary>
/// <param name="Name">Name in the tables.</param>
/// <param name="Program">Path of the program.</param>
/// <param name="Prepare">Writes its files and returns its arguments.</param>
internal sealed record Peer(string Name, string Program, Func<PeerSettings, string[]> Prepare)
{
    /// <summary>Starts it and waits until it listens.</summary>
    /// <exception cref="TimeoutException">It does not listen in time.</exception>
    public Subject Start(IPEndPoint upstream, bool pinned)
    {
        Subject subject = Launch(upstream, pinned);
        try
        {
            subject.Process!.AwaitPort(subject.EndPoint);
            return subject;
        }
        catch (TimeoutException)
        {
            subject.Dispose();
            throw;
        }
    }

    /// <summary>Starts it without waiting.</summary>
    public Subject Launch(IPEndPoint upstream, bool pinned)
    {
        PeerSettings site = new(
            ChildProcesses.NewFolder(),
            Child.FreePort(),
            upstream,
            pinned ? 1 : Environment.ProcessorCount
        );
        return new Subject(Name, site.Listen, Child.Start(Program, Prepare(site), site.Folder));
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
internal sealed record Subject(string Name, IPEndPoint EndPoint, Child? Process) : IDisposable
{
    public bool IsDirect => Process is null;

    public double CpuSeconds() => Process?.CpuSeconds() ?? 0;

    public void Dispose() => Process?.Dispose();
}
