using FastGate.Commands.Shared;
using Spectre.Console;

namespace FastGate.Commands.Demo;

/// <summary>Part 2: requests that are not on the allowlist, what their client receives, and proof that they do not get
/// past the gate.</summary>
internal static class DemoRefused
{
    private const int Measured = 300;
    private const string Content = """{"model":"llama3.3"}""";

    // The same path twice: Go's server decodes a path before it routes it.
    private static readonly string[] Paths = ["/api/pull", "/%61pi/pull"];

    /// <returns>What was unexpected, or null.</returns>
    public static string? Show(DemoScreen screen, DemoStage stage, CancellationToken cancellationToken)
    {
        using DemoClient direct = stage.ConnectDirectly();
        using DemoClient through = stage.ConnectThroughGate();
        int[] without = [.. Paths.Select(path => direct.Send(DemoClient.Post(path, Content)).Status)];

        // The stand-in must accept these requests, or the count below would prove nothing.
        if (without.Any(status => status != 200))
            return "the stand-in refused a request that only the gate should refuse";

        screen.Heading("2  A refused request");
        long before = stage.StandInRequests;
        Refusal?[] refusals = [.. Paths.Select(path => Refuse(through, path, cancellationToken))];
        // The stand-in would have counted any of those requests before this one.
        int after = through.Send(DemoClient.Get("/api/version")).Status;
        long reached = stage.StandInRequests - before - 1;

        for (int i = 0; i < Paths.Length; i++)
        {
            if (refusals[i] is not { } refusal)
                return $"POST {Paths[i]} was not refused";
            screen.Facts(
                ("sent", $"POST {Paths[i]} {Markup.Escape(Content)}"),
                (
                    "without the gate",
                    $"{DemoScreen.Status(without[i])}, carried out{(i == 0 ? "" : $": it is decoded to {Paths[0]}")}"
                ),
                (
                    "through the gate",
                    $"{DemoScreen.Status(403)} in {DemoClock.Text(refusal.Times.Median)} "
                        + $"(median of {refusal.Times.Count})"
                ),
                ("the client gets", Markup.Escape(refusal.Message))
            );
            screen.EndLine();
        }
        screen.Facts(
            (
                "behind the gate",
                $"[bold]{reached}[/] of these {TextFormat.Count(refusals.Sum(refusal => refusal!.Requests))} requests "
                    + "reached the stand-in"
            )
        );
        if (reached != 0)
            return "a refused request reached the stand-in";
        return after == 200 ? null : "the connection was not usable after a refusal";
    }

    /// <returns>Null when a request was not refused.</returns>
    private static Refusal? Refuse(DemoClient through, string path, CancellationToken cancellationToken)
    {
        byte[] request = DemoClient.Post(path, Content);
        DemoResponse first = through.Send(request);
        if (first.Status != 403)
            return null;
        Refusal refusal = new(first.ErrorMessage(), new LatencySample(Measured)) { Requests = 1 };
        long warm = DemoClock.Now + DemoClock.WarmUpNanoseconds;
        while (refusal.Times.Count < Measured)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long begin = DemoClock.Now;
            if (through.Send(request).Status != 403)
                return null;
            if (begin >= warm)
                refusal.Times.Add(DemoClock.Now - begin);
            refusal.Requests++;
        }
        return refusal;
    }

    /// <summary>The refusal that a client received, its response times, and the number of requests sent.</summary>
    private sealed record Refusal(string Message, LatencySample Times)
    {
        public int Requests { get; set; }
    }
}
