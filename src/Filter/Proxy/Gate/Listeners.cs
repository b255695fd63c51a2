using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Keeps the gate bound to the addresses of its listeners: binds one that appears, drops one that disappears, retries
/// one that cannot be bound. Never touches an open connection. Polls the interfaces off the loop, one poll at a time.
/// </summary>
internal sealed partial class Listeners
{
    private readonly ListenerOptions[] _listeners;
    private readonly ListenAddress[] _addresses;
    private readonly PolicySlot[] _policies;
    private readonly AcceptLoopFactory _acceptLoops;
    private readonly Func<IReadOnlyList<InterfaceAddress>> _interfaces;
    private readonly ServeWatch? _serve;
    private readonly ILogger _log;
    private readonly List<Binding> _bindings = [];
    private readonly Dictionary<ListenPoint, string> _failures = [];
    private readonly bool[] _waits;
    private readonly bool[] _had;
    private volatile Binding[] _published = [];
    private volatile (ListenPoint Point, string Reason)[] _unbound = [];
    private IReadOnlyList<IPAddress> _named = [];
    private IReadOnlyList<InterfaceAddress> _seen = [];
    private long _rebinds;
    private string? _readError;

    /// <param name="listeners">What to listen on.</param>
    /// <param name="policies">The policy of each listener.</param>
    /// <param name="acceptLoops">Opens the accept loop of an address.</param>
    /// <param name="interfaces">Reads the machine's interfaces.</param>
    /// <param name="log">Receives one line for each change.</param>
    /// <param name="serve">Watches what bypasses the listeners; null for no watch.</param>
    /// <param name="inherited">Listening sockets of the gate that this one succeeds.</param>
    public Listeners(
        IReadOnlyList<ListenerOptions> listeners,
        PolicySlot[] policies,
        AcceptLoopFactory acceptLoops,
        Func<IReadOnlyList<InterfaceAddress>> interfaces,
        ILogger log,
        ServeWatch? serve = null,
        IReadOnlyList<ListenResult>? inherited = null
    )
    {
        _listeners = [.. listeners];
        _addresses = [.. listeners.Select(listener => listener.Address)];
        _policies = policies;
        _acceptLoops = acceptLoops;
        _interfaces = interfaces;
        _log = log;
        _serve = serve;
        _inherited = [.. inherited ?? []];
        _waits = new bool[_addresses.Length];
        _had = new bool[_addresses.Length];
    }

    /// <summary>The addresses that are bound now, in the order of the listeners. Any thread.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _published.Select(binding => binding.EndPoint)];

    /// <summary>How often the set of bound addresses has changed since the start. Any thread.</summary>
    public long Rebinds => Interlocked.Read(ref _rebinds);

    /// <summary>Whether a later poll can bind anything else.</summary>
    public bool CanChange => _addresses.Any(ListenPlan.CanChange);

    /// <summary>Whether a later poll can find anything else: on the unspecified address, Tailscale Serve may bypass the
    /// gate.</summary>
    public bool CanFindMore => CanChange || (_serve is not null && _addresses.Any(address => address.IsUnspecified));

    /// <summary>What is known to bypass the listeners. Any thread.</summary>
    public IReadOnlyList<Bypass> Bypasses => _serve?.Bypasses ?? [];

    /// <summary>The listeners without an address.</summary>
    public IEnumerable<ListenAddress> Waiting => _addresses.Where((_, n) => _waits[n]);

    internal IReadOnlyList<Binding> Bindings => _bindings;

    /// <summary>Binds what can be bound now.</summary>
    /// <exception cref="BindException">A written-out address that exists cannot be bound; the user can correct
    /// it.</exception>
    public async Task StartAsync()
    {
        Dictionary<ListenPoint, ListenResult> failed = await RebindAsync(Read() ?? []);
        CloseInherited();
        await CheckServeAsync(haveAddressesChanged: true);
        foreach ((ListenPoint point, ListenResult result) in failed)
        {
            ListenAddress address = _addresses[point.Listener];
            if (address.Kind == ListenKind.Address && !(ListenPlan.CanChange(address) && IsTooEarly(result)))
                throw new BindException($"Cannot listen on {point.EndPoint}: {ReasonOf(point, result)}.");
        }
        LogFailures(failed);
    }

    /// <summary>Reads the interfaces and rebinds. What fails is logged, and retried by the next poll.</summary>
    public Task PollAsync(CancellationToken cancellationToken = default) =>
        InTurnAsync(() => PollInTurnAsync(cancellationToken));

    private async Task PollInTurnAsync(CancellationToken cancellationToken)
    {
        Binding[] before = _published;
        Dictionary<ListenPoint, ListenResult>? failed = Read() is { } present ? await RebindAsync(present) : null;
        bool isChanged = !_published.SequenceEqual(before);
        if (isChanged)
            Interlocked.Increment(ref _rebinds);
        await CheckServeAsync(
            isChanged || failed?.Keys.Any(point => !_failures.ContainsKey(point)) == true,
            cancellationToken
        );
        if (failed is not null)
            LogFailures(failed);
    }

    /// <summary>Sets the addresses that Tailscale's daemon reports as its own, for the next poll.</summary>
    /// <returns>Whether one of them is an address of this machine that was not recognized as Tailscale's.</returns>
    public bool SetTailscaleAddresses(IReadOnlyList<IPAddress> tailscale)
    {
        _named = tailscale;
        return TailscaleAddresses.NeedsDaemon(_seen)
            && TailscaleAddresses.Find(TailscaleAddresses.Mark(_seen, _named)).Count > 0;
    }

    /// <summary>The addresses that are bound for one listener. Any thread.</summary>
    public IEnumerable<IPEndPoint> EndPointsOf(int listener) =>
        _published.Where(binding => binding.Point.Listener == listener).Select(binding => binding.EndPoint);

    /// <summary>The addresses that a listener should be bound to and cannot, each with the reason. Any
    /// thread.</summary>
    public IEnumerable<string> UnboundOf(int listener) =>
        _unbound
            .Where(entry => entry.Point.Listener == listener)
            .Select(entry => $"{entry.Point.EndPoint}: {entry.Reason}");

    /// <summary>A new IPv6 address cannot be bound until the system has checked the link for duplicates (RFC 4862
    /// §5.4).</summary>
    private static bool IsTooEarly(ListenResult result) => result.Error == SocketError.AddressNotAvailable;

    /// <returns>Null if the system does not report them; what is bound then stays bound.</returns>
    private IReadOnlyList<InterfaceAddress>? Read()
    {
        try
        {
            IReadOnlyList<InterfaceAddress> present = TailscaleAddresses.Mark(_interfaces(), _named);
            _readError = null;
            return _seen = present;
        }
        catch (Exception exception)
            when (exception is NetworkInformationException or IOException or UnauthorizedAccessException)
        {
            // No descriptor is left, or an interface disappeared while it was read: the next poll may succeed.
            if (_readError != exception.Message)
                Log.Unreadable(_log, exception.Message);
            _readError = exception.Message;
            return null;
        }
    }

    private async Task<Dictionary<ListenPoint, ListenResult>> RebindAsync(IReadOnlyList<InterfaceAddress> present)
    {
        foreach (Binding ended in _bindings.Where(binding => !binding.IsOpen).ToArray())
            await CloseAsync(ended);
        IReadOnlyList<ListenPoint> wanted = _isYielded ? [] : ListenPlan.Points(_addresses, present);
        Rebinding change = Rebinding.Of(wanted, [.. _bindings.Select(binding => binding.Point)]);
        foreach (ListenPoint point in change.Drop)
        {
            Binding lost = _bindings.Single(binding => binding.Point == point);
            await CloseAsync(lost);
            Log.Dropped(_log, lost.EndPoint, _addresses[point.Listener]);
        }
        await UpdateFromAsync(present);
        Dictionary<ListenPoint, ListenResult> failed = [];
        foreach (ListenPoint point in change.Bind)
        {
            if (await BindAsync(point, present) is { Socket: null } result)
                failed.Add(point, result);
        }
        Publish();
        Wait(present);
        return failed;
    }

    private async Task CloseAsync(Binding binding)
    {
        _bindings.Remove(binding);
        await _acceptLoops.CloseAsync(binding.AcceptLoop);
    }

    /// <summary>Who may connect depends on the machine's own addresses, and an address that it lost may belong to
    /// another machine now.</summary>
    private async Task UpdateFromAsync(IReadOnlyList<InterfaceAddress> present)
    {
        foreach (Binding binding in _bindings)
        {
            ListenerOptions listener = _listeners[binding.Point.Listener];
            if (listener.From is not null)
                continue;
            IReadOnlyList<AddressRange> from = ListenPlan.NextFrom(listener.Address, present, binding.From);
            if (from == binding.From)
                continue;
            await _acceptLoops.ChangeFromAsync(binding.AcceptLoop, from);
            binding.From = from;
        }
    }

    private async Task<ListenResult> BindAsync(ListenPoint point, IReadOnlyList<InterfaceAddress> present)
    {
        ListenResult bound = TakeInherited(point.EndPoint) ?? ListenSocket.TryBind(point.EndPoint);
        if (bound.Socket is not { } socket)
            return bound;
        ListenerOptions listener = _listeners[point.Listener];
        PolicySlot policy = _policies[point.Listener];
        IReadOnlyList<AddressRange> from = listener.From ?? ListenPlan.DefaultFrom(listener.Address, present);
        (AcceptLoop AcceptLoop, Task Accepting)? opened = await _acceptLoops.OpenAsync(socket, policy, from);
        if (opened is not { } open)
            return bound with { Socket = null, Error = SocketError.TooManyOpenSockets };
        _bindings.Add(new Binding(point, bound.EndPoint, socket, open.AcceptLoop, open.Accepting) { From = from });
        Log.Listening(_log, bound.EndPoint, policy.Current.Rules.Count);
        return bound;
    }

    private void Publish()
    {
        _published = [.. _bindings.OrderBy(binding => binding.Point.Listener)];
        _unbound = [.. _unbound.Where(entry => !_bindings.Any(binding => binding.Point == entry.Point))];
    }

    private void Wait(IReadOnlyList<InterfaceAddress> present)
    {
        for (int n = 0; n < _addresses.Length; n++)
        {
            bool has = ListenPlan.Endpoints(_addresses[n], present).Count > 0;
            if (!has && !_waits[n])
                LogWait(_addresses[n], _had[n]);
            _waits[n] = !has;
            _had[n] |= has;
        }
    }

    private void LogWait(ListenAddress listen, bool hadOne)
    {
        string hint = listen.Kind == ListenKind.Tailscale ? " (is Tailscale up?)" : "";
        if (hadOne)
            Log.WaitingAgain(_log, listen, hint);
        else
            Log.Waiting(_log, listen, hint);
    }

    private Task CheckServeAsync(bool haveAddressesChanged, CancellationToken cancellationToken = default) =>
        _serve?.CheckAsync(ListenPlan.Points(_addresses, _seen), _seen, haveAddressesChanged, cancellationToken)
        ?? Task.CompletedTask;

    /// <summary>Tailscale Serve also binds its ports, for connections from the machine itself.</summary>
    private string ReasonOf(ListenPoint point, ListenResult result) =>
        result.IsTaken && _serve?.FindAt(point.EndPoint) is { } bypass
            ? $"Tailscale has this port for \"{bypass.Entry.Description}\"; to turn it off: {bypass.DisableCommand}"
            : result.Reason;

    private void LogFailures(Dictionary<ListenPoint, ListenResult> failed)
    {
        (ListenPoint Point, string Reason)[] now =
        [
            .. failed.Select(entry => (entry.Key, ReasonOf(entry.Key, entry.Value))),
        ];
        foreach ((ListenPoint point, string reason) in now)
        {
            if (_failures.GetValueOrDefault(point) == reason)
                continue;
            if (IsTooEarly(failed[point]))
                Log.TooEarly(_log, point.EndPoint);
            else
                Log.NotBound(_log, point.EndPoint, reason);
        }
        _failures.Clear();
        foreach ((ListenPoint point, string reason) in now)
            _failures.Add(point, reason);
        _unbound = now;
    }
}
