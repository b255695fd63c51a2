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
