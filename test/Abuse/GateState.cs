using FastGate.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>Reads the state of a gate in the test process, on the gate's loop thread.</summary>
internal static class GateState
{
    public static Task<int> SessionsAsync(this RunningGate gate) => QueryAsync(gate, worker => worker.SessionCount);

    /// <summary>Buffers currently held by connections.</summary>
    public static Task<int> BuffersInUseAsync(this RunningGate gate) =>
        QueryAsync(gate, worker => worker.Loop.Buffers.Lent);

    /// <summary>Waits until every session has ended and every buffer has been returned.</summary>
    public static async Task WaitUntilEmptyAsync(this RunningGate gate)
    {
        await Until.HoldsAsync(async () => await gate.SessionsAsync() == 0, "no session is left");
        await Until.HoldsAsync(async () => await gate.BuffersInUseAsync() == 0, "every buffer is returned");
    }

    private static Task<int> QueryAsync(RunningGate gate, Func<Worker, int> query)
    {
        Worker worker = gate.Gate.Workers[0];
        return worker.Loop.PostAsync(() => query(worker));
    }
}
