using FastGate.Bench.Load;
using FastGate.Bench.Upstream;

namespace FastGate.Bench.Workloads;

/// <summary>One kept-alive connection to each subject in a closed loop, a small request and a 20-byte response.</summary>
internal static class ExchangeWorkload
{
    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        TwoWays.Measure(
            setting,
            result,
            "exchange",
            setting.Count(20_000, 200),
            setting.Count(10_000, 200),
            subject => new KeptClient(subject.EndPoint, Requests.Version, Responses.VersionContent),
            setting.Count(1_000, 50)
        );
        return result;
    }
}
