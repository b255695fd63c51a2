using System.ComponentModel;
using System.Globalization;
using System.Net;

namespace FastGate.Bench.Children;

/// <summary>The answering server and all subjects before it, freshly started for one workload.</summary>
internal sealed class Stage : IDisposable
{
    private readonly Pin? pin;
    private readonly List<Subject> subjects = [];

    private Stage(Pin? pin)
    {
        this.pin = pin;
        Server = Child.Start(Programs.Host, [Programs.Beside("FastGate.Bench.dll"), "upstream"]);
        Upstream = new IPEndPoint(IPAddress.Loopback, int.Parse(Server.ReadLine(TimeSpan.FromSeconds(20)), CultureInfo.InvariantCulture));
    }

    public Child Server { get; }

    public IPEndPoint Upstream { get; }

    /// <summary>Direct is the first.</summary>
    public IReadOnlyList<Subject> Subjects => subjects;

    /// <summary>Starts what there is; a peer that does not start is told of and left out.</summary>
    public static Stage Open(Setting setting)
    {
        Stage stage = new(null);
        stage.Start(setting, pinned: false);
        return stage;
    }

    /// <summary>The same with everything on one core; null where the system cannot.</summary>
    public static Stage? TryOpenPinned(Setting setting)
    {
        if (Pin.TryOneCore() is not { } pin) return null;
        Stage stage = new(pin);
        stage.Start(setting, pinned: true);
        return stage;
    }

    public void Dispose()
    {
        foreach (Subject subject in subjects) subject.Dispose();
        Server.Dispose();
        pin?.Dispose();
    }

    private void Start(Setting setting, bool pinned)
    {
        subjects.Add(new Subject(Peers.Direct, Upstream, null));
        foreach (Peer peer in setting.Peers)
        {
            try
            {
                subjects.Add(peer.Start(Upstream, pinned));
            }
            catch (Exception e) when (e is TimeoutException or Win32Exception && peer.Name != Peers.Gate)
            {
                setting.Screen.Note($"{peer.Name} does not start, and is not measured here: {e.Message}");
            }
        }
    }
}
