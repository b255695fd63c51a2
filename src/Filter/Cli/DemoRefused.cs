using Spectre.Console;

namespace FastGate.Cli;

/// <summary>The second act: requests that the list does not allow, what their client reads, and that they end at the gate.</summary>
internal static class DemoRefused
{
    private const int Requests = 300;
    private const string Content = """{"model":"llama3.3"}""";

    // The second is the first to Go's server, which decodes a path before it looks for a route.
    private static readonly string[] Paths = ["/api/pull", "/%61pi/pull"];

    /// <returns>What was not as expected, or null.</returns>
    public static string? Show(DemoScreen screen, DemoStage stage, CancellationToken stop)
    {
        using DemoClient direct = stage.ConnectDirectly();
        using DemoClient through = stage.ConnectThroughGate();
        int[] without = [.. Paths.Select(path => direct.Ask(DemoClient.Post(path, Content)).Status)];

        screen.Heading("2  A refused request");
        long before = stage.StandInRequests;
        (string Sentence, LatencySample Times)?[] refusals = [.. Paths.Select(path => Refuse(through, path, stop))];
        // What had gone up before this one would have been counted before it.
        int after = through.Ask(DemoClient.Get("/api/version")).Status;
        long reached = stage.StandInRequests - before - 1;

        for (int i = 0; i < Paths.Length; i++)
        {
            if (refusals[i] is not { } refusal) return $"POST {Paths[i]} was not refused";
            screen.Facts(
                ("sent", $"POST {Paths[i]} {Markup.Escape(Content)}"),
                ("without the gate", $"{DemoScreen.Status(without[i])}, carried out{(i == 0 ? "" : $": it is decoded to {Paths[0]}")}"),
                ("through the gate", $"{DemoScreen.Status(403)} in {DemoClock.Say(refusal.Times.Median)} at the median of {refusal.Times.Count}"),
                ("the client reads", Markup.Escape(refusal.Sentence)));
            screen.EndLine();
        }
        screen.Facts(("behind the gate", $"[bold]{reached}[/] of these {Paths.Length * Requests} requests were seen by the stand-in"));
        if (reached != 0) return "a refused request has reached the stand-in";
        return after == 200 ? null : "the connection did not go on after a refusal";
    }

    /// <returns>What the client reads, and how long it waits for it; null when it was not refused.</returns>
    private static (string Sentence, LatencySample Times)? Refuse(DemoClient through, string path, CancellationToken stop)
    {
        byte[] request = DemoClient.Post(path, Content);
        LatencySample times = new(Requests);
        string sentence = "";
        for (int i = 0; i < Requests; i++)
        {
            stop.ThrowIfCancellationRequested();
            long begin = DemoClock.Now;
            DemoAnswer answer = through.Ask(request);
            times.Add(DemoClock.Now - begin);
            if (answer.Status != 403) return null;
            if (i == 0) sentence = answer.Sentence();
        }
        return (sentence, times);
    }
}
