using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

/// <summary>A real backend of which single operations can be replaced by faulty ones.</summary>
internal sealed class FaultyReadiness(IReadiness real) : IReadiness
{
    public delegate int Waiter(IReadiness real, Span<Readiness> ready, int timeoutMilliseconds);

    public string Name => real.Name;

    public ISocketCalls Calls => real.Calls;

    public Waiter WaitWith { get; set; } = (real, ready, timeout) => real.Wait(ready, timeout);

    public Action<IReadiness> WakeWith { get; set; } = real => real.Wake();

    public Func<Interest, Interest> ChangeTo { get; set; } = interest => interest;

    public void Add(Descriptor socket, long key, Interest interest) => real.Add(socket, key, interest);

    public void Change(Descriptor socket, long key, Interest before, Interest after) =>
        real.Change(socket, key, before, ChangeTo(after));

    public void Remove(Descriptor socket, Interest interest) => real.Remove(socket, interest);

    public void RemoveClosing(Descriptor socket, Interest interest) => real.RemoveClosing(socket, interest);

    public int Wait(Span<Readiness> ready, int timeoutMilliseconds) => WaitWith(real, ready, timeoutMilliseconds);

    public void Wake() => WakeWith(real);

    public void Dispose() => real.Dispose();
}
