namespace FastGate.Proxy.Transport;

/// <summary>A socket's place in its loop: which handler is called, and what is waited for at the moment.</summary>
/// <remarks>
/// Interest is level-triggered and mostly left alone: an exchange of small messages never changes it, so it costs no
/// <c>epoll_ctl</c>. Belongs to the loop's thread.
/// </remarks>
internal sealed class Watch
{
    private readonly IReadiness readiness;
    private readonly WatchTable table;
    private readonly Descriptor socket;
    private bool closed;

    public Watch(IReadiness readiness, WatchTable table, Descriptor socket, IReadyHandler handler, Interest interest)
    {
        this.readiness = readiness;
        this.table = table;
        this.socket = socket;
        Handler = handler;
        Interest = interest;
        Key = table.Add(this);
        try
        {
            readiness.Add(socket, Key, interest);
        }
        catch (IOException)
        {
            // No room for another watch: the caller is told, and the slot must not stay behind.
            table.Remove(Key);
            throw;
        }
    }

    public IReadyHandler Handler { get; }

    public long Key { get; }

    public Interest Interest { get; private set; }

    public void Want(Interest interest) => Set(Interest | interest);

    public void Drop(Interest interest) => Set(Interest & ~interest);

    /// <summary>Stops watching; an event that was already fetched for this socket is not delivered any more.</summary>
    public void Close()
    {
        if (closed) return;
        closed = true;
        readiness.Remove(socket, Interest);
        table.Remove(Key);
    }

    private void Set(Interest interest)
    {
        if (closed || interest == Interest) return;
        readiness.Change(socket, Key, Interest, interest);
        Interest = interest;
    }
}
