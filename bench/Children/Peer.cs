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
