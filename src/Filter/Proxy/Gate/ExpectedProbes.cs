using System.Net;

namespace FastGate.Proxy.Gate;

/// <summary>
/// The connections on which <c>doctor</c> and <c>install</c> are about to send requests, so that these are told apart
/// from those of clients. Any thread may call it.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Only the gate's owner can announce a connection, over the Unix socket. Nothing that a client sends can.</item>
/// <item>An announcement names both ends of a connection that is already open, so that no other one has them.</item>
/// <item>It holds for one connection, which claims it with its first byte, or expires.</item>
/// </list>
/// </remarks>
internal sealed class ExpectedProbes(TimeProvider time)
{
    /// <summary>Doctor opens one connection after another.</summary>
    internal const int CountMax = 64;

    /// <summary>The first request follows the announcement at once; a busy machine may take a while.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, long> _until = [];
    private volatile bool _any;

    /// <summary>Announces a connection.</summary>
    /// <param name="client">The client's address and port.</param>
    /// <param name="listener">The number of the listener that it is connected to.</param>
    /// <returns>False if too many are announced.</returns>
    public bool TryAdd(IPEndPoint client, int listener)
    {
        lock (_lock)
        {
            RemoveExpired();
            if (_until.Count == CountMax)
                return false;
            _until[Key.Of(client.Address, client.Port, listener)] =
                time.GetTimestamp() + (long)(Lifetime.TotalSeconds * time.TimestampFrequency);
            _any = true;
            return true;
        }
    }

    /// <summary>Whether a connection was announced; at most one connection gets true.</summary>
    /// <param name="peer">The client's address.</param>
    /// <param name="port">The client's port.</param>
    /// <param name="listener">The number of its listener.</param>
    public bool TryTake(IPAddress peer, int port, int listener) => _any && Remove(Key.Of(peer, port, listener));

    private bool Remove(Key key)
    {
        lock (_lock)
        {
            RemoveExpired();
            bool isExpected = _until.Remove(key);
            _any = _until.Count > 0;
            return isExpected;
        }
    }

    private void RemoveExpired()
    {
        long now = time.GetTimestamp();
        foreach ((Key key, long until) in _until)
            if (until <= now)
                _until.Remove(key);
    }

    /// <summary>What identifies a connection.</summary>
    private readonly record struct Key(IPAddress Peer, int Port, int Listener)
    {
        // The two sides of a connection may disagree about the number of an interface, and about mapped addresses.
        public static Key Of(IPAddress peer, int port, int listener)
        {
            if (peer.IsIPv4MappedToIPv6)
                peer = peer.MapToIPv4();
            return new Key(peer.IsIPv6LinkLocal ? new IPAddress(peer.GetAddressBytes()) : peer, port, listener);
        }
    }
}
