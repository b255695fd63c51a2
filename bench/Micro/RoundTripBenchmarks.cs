using BenchmarkDotNet.Attributes;
using FastGate.Bench.Answering;
using FastGate.Bench.Children;
using FastGate.Bench.Load;

namespace FastGate.Bench.Micro;

/// <summary>The exchange of <c>GET /api/version</c> direct, and through a gate in a process of its own as in real life.</summary>
public class RoundTripBenchmarks : IDisposable
{
    private Stage? stage;
    private KeptClient? direct, gate;

    [GlobalSetup]
    public void Open()
    {
        stage = Stage.Open(new Setting(Quick: false, new Report.Screen(), [Peers.FastGate]));
        direct = Connect(stage.Subjects[0]);
        gate = Connect(stage.Subjects[1]);
        if (!Direct() || !Gate()) throw new InvalidOperationException("The answers are wrong.");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        direct?.Dispose();
        gate?.Dispose();
        stage?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public bool Direct() => Exchange(direct!);

    [Benchmark]
    public bool Gate() => Exchange(gate!);

    private static KeptClient Connect(Subject subject) => new(subject.EndPoint, Requests.Version, Answers.VersionContent);

    private static bool Exchange(KeptClient client)
    {
        client.Exchange();
        return client.IsRight() ? true : throw new InvalidOperationException("An answer is wrong.");
    }
}
