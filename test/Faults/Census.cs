using System.Diagnostics;
using FastGate.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>
/// A count of everything the first loop of a gate holds or has lent out at one moment, except ready connections.
/// </summary>
internal readonly record struct Census(int Sessions, int Places, int Exchanges, int Buffers, int Deadlines, int Watches)
{
    public static Task<Census> TakeAsync(GateServer gate)
    {
        Worker worker = gate.Workers[0];
        return worker
            .Loop.PostAsync(() =>
                new Census(
                    worker.SessionCount,
                    gate.Admission.Count,
                    worker.ExchangesLent,
                    worker.Loop.Buffers.Lent,
                    worker.Loop.Wheel.Count,
                    worker.Loop.WatchCount - worker.Pool.ReadyConnections
                )
            )
            .WithinDeadline();
    }

    /// <summary>Takes a census repeatedly until the condition holds.</summary>
    public static async Task<Census> UntilAsync(GateServer gate, Func<Census, bool> condition, string what = "")
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            Census census = await TakeAsync(gate);
            if (condition(census))
                return census;
            if (Stopwatch.GetElapsedTime(began) > StepDeadline.Longest)
                Assert.Fail($"The census stays at {census}. {what}");
            await Task.Yield();
        }
    }
}
