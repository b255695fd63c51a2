using FastGate.Bench.Load;
using FastGate.Bench.Upstream;

namespace FastGate.Bench.Workloads;

/// <summary>One kept-alive connection to each subject in a closed loop, a small request and a 20-byte response.</summary>
internal static class ExchangeWorkload
{
    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        Placements.Measure(
            setting,
            result,
            "exchange",
            new ExchangeCounts(
                Pinned: setting.Count(20_000, 200),
                NotPinned: setting.Count(10_000, 200),
                TwoCores: setting.Count(10_000, 50),
                Busy: setting.Count(1_000, 50)
            ),
            subject => new KeepAliveClient(subject.EndPoint, Requests.Version, Responses.VersionContent)
        );
        return result;
    }
}
