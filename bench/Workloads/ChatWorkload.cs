using FastGate.Bench.Load;
using FastGate.Bench.Upstream;

namespace FastGate.Bench.Workloads;

/// <summary>The recorded Claude Code head with 48 KB of content, and a response of 1 KB, on a kept-alive
/// connection.</summary>
internal static class ChatWorkload
{
    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        byte[] request = Requests.Chat();
        Placements.Measure(
            setting,
            result,
            "chat",
            new ExchangeCounts(Pinned: setting.Count(3_000, 100)),
            subject => new KeepAliveClient(subject.EndPoint, request, Responses.ChatContent)
        );
        return result;
    }
}
