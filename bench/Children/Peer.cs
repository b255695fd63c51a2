using System.Net;

namespace FastGate.Bench.Children;

/// <summary>A program that can stand between client and upstream: the gate, or what it is compared with.</summary>
/// <param name="Name">In the tables.</param>
/// <param name="Program">What is started.</param>
/// <param name="Prepare">Writes its files, and says its arguments.</param>
internal sealed record Peer(string Name, string Program, Func<PeerSite, string[]> Prepare)
{
    /// <summary>Starts it and waits until it listens.</summary>
    /// <exception cref="TimeoutException">It does not.</exception>
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

    /// <summary>Starts it and waits for nothing.</summary>
    public Subject Launch(IPEndPoint upstream, bool pinned)
    {
        PeerSite site = new(Household.NewFolder(), Child.FreePort(), upstream, pinned ? 1 : Environment.ProcessorCount);
        return new Subject(Name, site.Listen, Child.Start(Program, Prepare(site), site.Folder));
    }
}

/// <summary>Where a peer is to run.</summary>
/// <param name="Folder">Its own, for its files.</param>
/// <param name="Listen">Where clients reach it.</param>
/// <param name="Upstream">Where the answering server is.</param>
/// <param name="Cores">How many cores it may use.</param>
internal sealed record PeerSite(string Folder, IPEndPoint Listen, IPEndPoint Upstream, int Cores)
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

/// <summary>One way from the client to the answering server: direct, or through something that is measured.</summary>
internal sealed record Subject(string Name, IPEndPoint EndPoint, Child? Process) : IDisposable
{
    public bool IsDirect => Process is null;

    public double CpuSeconds() => Process?.CpuSeconds() ?? 0;

    public void Dispose() => Process?.Dispose();
}
