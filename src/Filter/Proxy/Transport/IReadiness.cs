namespace FastGate.Proxy.Transport;

/// <summary>
/// Waits for many sockets at once, level-triggered, by a mechanism of the operating system. All members except
/// <see cref="Wake"/> belong to the thread that waits.
/// </summary>
internal interface IReadiness : IDisposable
{
    /// <summary>The backend's name in settings: <c>epoll</c>, <c>kqueue</c> or <c>portable</c>.</summary>
    string Name { get; }

    /// <summary>The socket calls that work with this backend; a test may use others.</summary>
    ISocketCalls Calls { get; }

    /// <summary>Starts watching a socket. Each <see cref="Readiness"/> of it carries the key.</summary>
    /// <exception cref="IOException">The system cannot watch another socket.</exception>
    void Add(Descriptor socket, long key, Interest interest);

    void Change(Descriptor socket, long key, Interest before, Interest after);

    /// <summary>Stops watching a socket that stays open.</summary>
    void Remove(Descriptor socket, Interest interest);

    /// <summary>Stops watching a socket that is closed next.</summary>
    void RemoveClosing(Descriptor socket, Interest interest);

    /// <summary>Waits until a watched socket is ready or <see cref="Wake"/> was called, and fills
    /// <paramref name="ready"/>.</summary>
    /// <returns>The number of entries filled; 0 after a wake-up or after
    /// <paramref name="timeoutMilliseconds"/>.</returns>
    /// <param name="ready">Receives the ready sockets.</param>
    /// <param name="timeoutMilliseconds">-1 waits without a limit, 0 does not wait.</param>
    int Wait(Span<Readiness> ready, int timeoutMilliseconds);

    /// <summary>Ends the current or the next <see cref="Wait"/>. Any thread may call it.</summary>
    void Wake();
}

/// <summary>The events of a socket that a loop waits for. Epoll also reports hang-ups, whatever the interest.</summary>
[Flags]
internal enum Interest
{
    None = 0,
    Read = 1,
    Write = 2,
}

/// <summary>One ready socket: the key it was added with, and what it is ready for.</summary>
/// <param name="Key">The key given to <see cref="IReadiness.Add"/>.</param>
/// <param name="Ready">Which calls will not block: a read that returns bytes, an end or an error; a write.</param>
/// <param name="HungUp">Both directions have ended (reset, or closed on both sides); reported whatever the
/// interest.</param>
internal readonly record struct Readiness(long Key, Interest Ready, bool HungUp);

/// <summary>Handles the events of a watched socket. A <see cref="Loop"/> calls it on its own thread only.</summary>
internal interface IReadyHandler
{
    /// <summary>A receive or an accept would not block: bytes, an end or an error are waiting.</summary>
    void OnReadable();

    /// <summary>A send would not block, or a connect has finished.</summary>
    void OnWritable();

    /// <summary>Both directions have ended; called before the others. Epoll reports it on every wait while the socket
    /// is watched.</summary>
    void OnHungUp();

    /// <summary>One of the calls above threw: the socket is no longer watched, and the handler must close it.</summary>
    void OnFault();
}
