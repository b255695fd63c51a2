namespace FastGate.Commands.Demo;

/// <summary>The third act: a token stream through the gate, shown as it comes, and the same without the gate to
/// compare.</summary>
internal static class DemoStreamed
{
    public const string Path = "/v1/chat/completions";

    // A machine that stands still for longer than a token takes puts two into one read; a gate that gathers does it
    // each time.
    private const int Attempts = 3;

    /// <returns>What was not as expected, or null.</returns>
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
                return $"the stream was answered with {gated.Status}";
            if (gated.Events != directly.Events)
                return "the stream through the gate has not as many events";
            if (gated.Reads >= gated.Events)
                return null;
            if (attempt == Attempts)
                return "events of the stream came together, not each as it was sent";
            screen.Note("Some events came together, which a busy machine can do as well: once more.");
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
            ["added", "", "", "", DemoClock.Say(gated.Delays.Median - directly.Delays.Median)]
        );
        screen.Note("Delay: the median, from the stand-in's send (each event has its time) to the client's read.");
    }

    private static string[] Row(string way, DemoStream stream) =>
        [
            way,
            $"{stream.Events}",
            $"{stream.Reads}",
            DemoClock.Say(stream.LargestGap),
            DemoClock.Say(stream.Delays.Median),
        ];
}
