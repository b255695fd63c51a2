namespace FastGate.Proxy.Gate;

/// <summary>Hands new connections to the loops in turn. Belongs to the accepting loop's thread.</summary>
internal sealed class WorkerRing(IReadOnlyList<Worker> workers)
{
    private int _next;

    public Worker Next()
    {
        Worker worker = workers[_next];
        _next = (_next + 1) % workers.Count;
        return worker;
    }
}
