using System.ComponentModel;
using System.Globalization;
using System.Net;

namespace FastGate.Bench.Children;

/// <summary>The answering server and all subjects before it, freshly started for one workload.</summary>
internal sealed class Stage : IDisposable
{
    private readonly Pin? _pin;
    private readonly List<Subject> _subjects = [];

    private Stage(Pin? pin)
    {
        _pin = pin;
        Server = Child.Start(Programs.Host, [Programs.Beside("FastGate.Bench.dll"), "upstream"]);
        Upstream = new IPEndPoint(
            IPAddress.Loopback,
            int.Parse(Server.ReadLine(TimeSpan.FromSeconds(20)), CultureInfo.InvariantCulture)
        );
    }

    public Child Server { get; }

    public IPEndPoint Upstream { get; }

    /// <summary>Direct is the first.</summary>
    public IReadOnlyList<Subject> Subjects => _subjects;

    /// <summary>Starts what there is; a peer that does not start is told of and left out.</summary>
    public static Stage Open(Setting setting) => new Stage(null).Start(setting, pinned: false);

    /// <summary>The same with everything on one core; null where the system cannot.</summary>
    public static Stage? TryOpenPinned(Setting setting) =>
        Pin.TryOneCore() is { } pin ? new Stage(pin).Start(setting, pinned: true) : null;

    public void Dispose()
    {
        foreach (Subject subject in _subjects)
            subject.Dispose();
        Server.Dispose();
        _pin?.Dispose();
    }

    private Stage Start(Setting setting, bool pinned)
    {
        _subjects.Add(new Subject(Peers.Direct, Upstream, null));
        foreach (Peer peer in setting.Peers)
            Start(setting, peer, pinned);
        return this;
    }

    private void Start(Setting setting, Peer peer, bool pinned)
    {
        try
        {
            _subjects.Add(peer.Start(Upstream, pinned));
        }
        catch (Exception e) when (e is TimeoutException or Win32Exception)
        {
            if (peer.Name != Peers.Gate)
            {
                setting.Screen.Note($"{peer.Name} does not start, and is not measured here: {e.Message}");
                return;
            }
            // Without the gate there is nothing to compare.
            Dispose();
            throw new InvalidOperationException($"The gate does not start: {e.Message}", e);
        }
    }
}
