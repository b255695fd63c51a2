namespace FastGate.Proxy.Transport;

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
