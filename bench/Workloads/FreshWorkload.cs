using FastGate.Bench.Load;
using FastGate.Bench.Upstream;

namespace FastGate.Bench.Workloads;

/// <summary>A new connection for each small request.</summary>
internal static class FreshWorkload
{
    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        byte[] request = Requests.Version.ToArray(),
            content = Responses.VersionContent.ToArray();
        // Each exchange leaves a connection in TIME_WAIT, and there are 28 000 ports.
        Placements.Measure(
            setting,
            result,
            "fresh",
            new ExchangeCounts(Pinned: setting.Count(1_500, 50), NotPinned: setting.Count(1_500, 50)),
            subject => new FreshClient(subject.EndPoint, request, content)
        );
        return result;
    }
}
