using System.ComponentModel;
using System.Globalization;
using System.Net;

namespace FastGate.Bench.Children;

/// <summary>The upstream server and all subjects in front of it, freshly started for one workload.</summary>
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

    /// <summary>The subjects, direct first.</summary>
    public IReadOnlyList<Subject> Subjects => _subjects;

    /// <summary>Starts all peers; one that does not start is reported and skipped.</summary>
    public static Stage Open(Setting setting) => new Stage(null).Start(setting, pinned: false);

    /// <summary>Starts all peers pinned to one core; null where the system cannot pin.</summary>
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
        catch (Exception exception) when (exception is TimeoutException or Win32Exception)
        {
            if (peer.Name != Peers.Gate)
            {
                setting.Screen.Note($"{peer.Name} did not start and is not measured here: {exception.Message}");
                return;
            }
            // Without the gate there is nothing to compare.
            Dispose();
            throw new InvalidOperationException($"The gate did not start: {exception.Message}", exception);
        }
    }
}
