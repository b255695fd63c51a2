using BenchmarkDotNet.Attributes;
using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Upstream;

namespace FastGate.Bench.Micro;

/// <summary>The exchange of <c>GET /api/version</c>: direct, and through a gate in a process of its own, as in
/// production.</summary>
public class RoundTripBenchmarks : IDisposable
{
    private Stage? _stage;
    private KeepAliveClient? _direct,
        _gate;

    [GlobalSetup]
    public void Open()
    {
        _stage = Stage.Open(new Setting(Quick: false, new Report.Screen(), [Gates.Measured]));
        _direct = Connect(_stage.Subjects[0]);
        _gate = Connect(_stage.Subjects[1]);
        if (!Direct() || !Gate())
            throw new InvalidOperationException("The responses are wrong.");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _direct?.Dispose();
        _gate?.Dispose();
        _stage?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public bool Direct() => Exchange(_direct!);

    [Benchmark]
    public bool Gate() => Exchange(_gate!);

    private static KeepAliveClient Connect(Subject subject) =>
        new(subject.EndPoint, Requests.Version, Responses.VersionContent);

    private static bool Exchange(KeepAliveClient client)
    {
        client.Exchange();
        return client.IsRight() ? true : throw new InvalidOperationException("A response is wrong.");
    }
}
