namespace FastGate.Commands.Demo;

/// <summary>Part 3: a token stream through the gate, shown as it arrives, and the same stream without the gate for
/// comparison.</summary>
internal static class DemoStreamed
{
    public const string Path = "/v1/chat/completions";

    // A machine that stalls for longer than one token takes combines two into one read; a gate that buffers would do so
    // every time.
    private const int Attempts = 3;

    /// <returns>What was unexpected, or null.</returns>
    public static string? Show(DemoScreen screen, DemoStage stage, CancellationToken cancellationToken)
    {
        byte[] request = DemoClient.Post(
            Path,
            """{"model":"demo:latest","stream":true,"messages":[{"role":"user","content":"Hi"}]}"""
        );
        screen.Heading("3  A token stream");
        screen.Facts(("sent", $"POST {Path} {{\"stream\":true, …}}"));
        for (int attempt = 1; ; attempt++)
        {
            using DemoClient through = stage.ConnectThroughGate();
            using DemoClient direct = stage.ConnectDirectly();
            DemoStream gated = Receive(screen, "through the gate", through, request, cancellationToken);
            DemoStream directly = Receive(screen, "without the gate", direct, request, cancellationToken);
            ShowFigures(screen, directly, gated);
            if (gated.Status != 200)
                return $"the stream got status {gated.Status}";
            if (gated.Events != directly.Events)
                return "the stream through the gate has a different number of events";
            if (gated.Reads >= gated.Events)
                return null;
            if (attempt == Attempts)
                return "events of the stream arrived together instead of one by one";
            screen.Note("Some events arrived together, which a busy machine can also cause; trying again.");
        }
    }

    private static DemoStream Receive(
        DemoScreen screen,
        string way,
        DemoClient client,
        byte[] request,
        CancellationToken cancellationToken
    )
    {
        screen.Begin(way);
        DemoStream stream = DemoStream.Receive(client, request, screen.Piece, cancellationToken);
        screen.EndLine();
        return stream;
    }

    private static void ShowFigures(DemoScreen screen, DemoStream directly, DemoStream gated)
    {
        screen.Figures(
            ["events", "reads", "largest gap", "delay per token"],
            Row("without the gate", directly),
            Row("through the gate", gated),
            ["added", "", "", "", DemoClock.Text(gated.Delays.Median - directly.Delays.Median)]
        );
        screen.Note("Delay: median time from the stand-in's send (each event is timestamped) to the client's read.");
    }

    private static string[] Row(string way, DemoStream stream) =>
        [
            way,
            $"{stream.Events}",
            $"{stream.Reads}",
            DemoClock.Text(stream.LargestGap),
            DemoClock.Text(stream.Delays.Median),
        ];
}
