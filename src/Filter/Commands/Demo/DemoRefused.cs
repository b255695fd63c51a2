using FastGate.Commands.Shared;
using Spectre.Console;

namespace FastGate.Commands.Demo;

/// <summary>The second act: requests that the list does not allow, what their client reads, and that they end at the
/// gate.</summary>
internal static class DemoRefused
{
    private const int Measured = 300;
    private const string Content = """{"model":"llama3.3"}""";

    // The second is the first to Go's server, which decodes a path before it looks for a route.
    private static readonly string[] Paths = ["/api/pull", "/%61pi/pull"];

    /// <returns>What was not as expected, or null.</returns>
    public static string? Show(DemoScreen screen, DemoStage stage, CancellationToken cancellationToken)
    {
        using DemoClient direct = stage.ConnectDirectly();
        using DemoClient through = stage.ConnectThroughGate();
        int[] without = [.. Paths.Select(path => direct.Ask(DemoClient.Post(path, Content)).Status)];

        // Without this, that nothing has reached the stand-in would prove nothing.
        if (without.Any(status => status != 200))
            return "the stand-in itself refuses what only the gate is to refuse";

        screen.Heading("2  A refused request");
        long before = stage.StandInRequests;
        Refusal?[] refusals = [.. Paths.Select(path => Refuse(through, path, cancellationToken))];
        // What had gone up before this one would have been counted before it.
        int after = through.Ask(DemoClient.Get("/api/version")).Status;
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
                    $"{DemoScreen.Status(403)} in {DemoClock.Say(refusal.Times.Median)} at the median "
                        + $"of {refusal.Times.Count}"
                ),
                ("the client reads", Markup.Escape(refusal.Sentence))
            );
            screen.EndLine();
        }
        screen.Facts(
            (
                "behind the gate",
                $"[bold]{reached}[/] of these {refusals.Sum(refusal => refusal!.Asked):N0} requests "
                    + $"were seen by the stand-in"
            )
        );
        if (reached != 0)
            return "a refused request has reached the stand-in";
        return after == 200 ? null : "the connection did not go on after a refusal";
    }

    /// <returns>Null when it was not refused.</returns>
    private static Refusal? Refuse(DemoClient through, string path, CancellationToken cancellationToken)
    {
        byte[] request = DemoClient.Post(path, Content);
        DemoAnswer first = through.Ask(request);
        if (first.Status != 403)
            return null;
        Refusal refusal = new(first.Sentence(), new LatencySample(Measured)) { Asked = 1 };
        long warm = DemoClock.Now + DemoClock.WarmUpNanoseconds;
        while (refusal.Times.Count < Measured)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long begin = DemoClock.Now;
            if (through.Ask(request).Status != 403)
                return null;
            if (begin >= warm)
                refusal.Times.Add(DemoClock.Now - begin);
            refusal.Asked++;
        }
        return refusal;
    }

    /// <summary>What a client reads who is refused, how long it waits for it, and how often it has asked.</summary>
    private sealed record Refusal(string Sentence, LatencySample Times)
    {
        public int Asked { get; set; }
    }
}
