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

    /// <summary>Starts all peers on one core, with upstream and client on another; null where that is not
    /// possible.</summary>
    public static Stage? TryOpenOnTwoCores(Setting setting)
    {
        if (Environment.ProcessorCount < 2 || Pin.TryOneCore(isFirst: true) is not { } pin)
            return null;
        Stage stage = new(pin);
        using (Pin.TryOneCore())
            return stage.Start(setting, pinned: true);
    }

    public void Dispose()
    {
        foreach (Subject subject in _subjects)
            subject.Dispose();
        Server.Dispose();
        _pin?.Dispose();
    }

    // All start at the same time, and each has listened before the first measurement.
    private Stage Start(Setting setting, bool pinned)
    {
        _subjects.Add(new Subject(Peers.Direct, Upstream, null));
        List<Subject> launched = [];
        try
        {
            foreach (Peer peer in setting.Peers)
                if (TryWith(setting, peer.Name, peer.IsOwn, () => peer.Launch(Upstream, pinned)) is { } subject)
                    launched.Add(subject);
            foreach (Subject subject in launched)
                if (TryWith(setting, subject.Name, subject.IsOwn, () => Listening(subject)) is not null)
                    _subjects.Add(subject);
        }
        catch (InvalidOperationException)
        {
            Dispose();
            throw;
        }
        finally
        {
            foreach (Subject subject in launched.Except(_subjects))
                subject.Dispose();
        }
        return this;
    }

    private static Subject Listening(Subject subject)
    {
        subject.Process!.AwaitPort(subject.EndPoint);
        return subject;
    }

    private static Subject? TryWith(Setting setting, string name, bool isOwn, Func<Subject> step)
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (exception is TimeoutException or Win32Exception)
        {
            // Without a gate of this tree there is nothing to compare.
            if (isOwn)
                throw new InvalidOperationException($"{name} did not start: {exception.Message}", exception);
            setting.Screen.Note($"{name} did not start and is not measured here: {exception.Message}");
            return null;
        }
    }
}
