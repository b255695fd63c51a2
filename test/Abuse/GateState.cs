using FastGate.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>Looks into a gate that runs in the tests' own process, on its loop's thread.</summary>
internal static class GateState
{
    public static Task<int> SessionsAsync(this RunningGate gate) => QueryAsync(gate, worker => worker.SessionCount);

    /// <summary>Buffers that connections hold at this moment.</summary>
    public static Task<int> BuffersInUseAsync(this RunningGate gate) => QueryAsync(gate, worker => worker.Loop.Buffers.Lent);

    /// <summary>Waits until nothing is left of all connections.</summary>
    public static async Task WaitUntilEmptyAsync(this RunningGate gate)
    {
        await Until.HoldsAsync(async () => await gate.SessionsAsync() == 0, "no session is left");
        await Until.HoldsAsync(async () => await gate.BuffersInUseAsync() == 0, "every buffer is back");
    }

    private static Task<int> QueryAsync(RunningGate gate, Func<Worker, int> query)
    {
        Worker worker = gate.Gate.Workers[0];
        return worker.Loop.PostAsync(() => query(worker));
    }
}
