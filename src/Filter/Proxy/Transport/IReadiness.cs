namespace FastGate.Proxy.Transport;

/// <summary>
/// The operating system's way to wait for many sockets at once, level-triggered: register, wait, wake.
/// All members but <see cref="Wake"/> belong to the one thread that waits.
/// </summary>
internal interface IReadiness : IDisposable
{
    /// <summary>The name under which a setting can ask for it: <c>epoll</c>, <c>kqueue</c> or
    /// <c>portable</c>.</summary>
    string Name { get; }

    /// <summary>How the sockets that it waits for are spoken to, unless a test has other ideas.</summary>
    ISocketCalls Calls { get; }

    /// <summary>Starts to watch a socket. The key comes back with each <see cref="Readiness"/>.</summary>
    /// <exception cref="IOException">The system has no room for another watch.</exception>
    void Add(Descriptor socket, long key, Interest interest);

    void Change(Descriptor socket, long key, Interest before, Interest after);

    /// <summary>Stops watching; must come before the socket is closed.</summary>
    void Remove(Descriptor socket, Interest interest);

    /// <summary>Waits until a watched socket is ready or <see cref="Wake"/> was called, and fills
    /// <paramref name="ready"/>.</summary>
    /// <returns>How many entries were filled; 0 after a wake-up, and after
    /// <paramref name="timeoutMilliseconds"/>.</returns>
    /// <param name="ready">Where the answers go.</param>
    /// <param name="timeoutMilliseconds">-1 waits for ever, 0 only looks.</param>
    int Wait(Span<Readiness> ready, int timeoutMilliseconds);

    /// <summary>Ends the present or the next <see cref="Wait"/>. Any thread may call it.</summary>
    void Wake();
}

/// <summary>What a loop wants to be told about a socket. Epoll tells hang-ups without being asked.</summary>
[Flags]
internal enum Interest
{
    None = 0,
    Read = 1,
    Write = 2,
}

/// <summary>One answer of a wait: the key under which a socket was added, and what it is ready for.</summary>
/// <param name="Key">The key given to <see cref="IReadiness.Add"/>.</param>
/// <param name="Ready">What will not block now: a read that would see bytes, an end or an error; a write.</param>
/// <param name="HungUp">Both directions have ended (reset, or closed on both sides); told whatever the interest
/// is.</param>
internal readonly record struct Readiness(long Key, Interest Ready, bool HungUp);

/// <summary>What a <see cref="Loop"/> tells the owner of a watched socket. Called on the loop's thread only.</summary>
internal interface IReadyHandler
{
    /// <summary>A receive or an accept would not block: bytes, an end or an error wait to be seen.</summary>
    void OnReadable();

    /// <summary>A send would not block, or a connect has come to its end.</summary>
    void OnWritable();

    /// <summary>Both directions have ended; told before the others. Epoll tells it unasked, as long as it is
    /// watched.</summary>
    void OnHungUp();

    /// <summary>One of the calls above let an exception out: nothing is watched any more, and the socket is to be
    /// closed.</summary>
    void OnFault();
}
