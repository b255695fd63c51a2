using System.Globalization;
using System.Net;
using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Demo;

/// <summary>The last part, until Ctrl-C: shows requests to try, and one line for each request received.</summary>
internal static class DemoInteractive
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <returns>Why it ended before it was canceled, or null.</returns>
    public static async Task<string?> RunAsync(DemoScreen screen, DemoStage stage, CancellationToken cancellationToken)
    {
        await stage.FlushAccessLogAsync();
        using LogFollower follower = LogFollower.FromNow(stage.AccessLogPath);
        ShowExamples(screen, stage.GateEndPoint);
        Task follow = FollowAsync(screen, follower, cancellationToken);
        return await Task.WhenAny(follow, stage.Failed) == follow ? null : "the gate stopped unexpectedly";
    }

    private static void ShowExamples(DemoScreen screen, IPEndPoint gate)
    {
        screen.Heading("Try it: allowed, refused, streamed");
        screen.Verbatim($"  curl http://{gate}/v1/models");
        screen.Verbatim($$"""  curl -d '{"model":"llama3.3"}' http://{{gate}}/api/pull""");
        screen.Verbatim($$"""  curl -N -d '{"stream":true}' http://{{gate}}{{DemoStreamed.Path}}""");
        screen.EndLine();
        screen.Note("The gate keeps running; each request is shown below. Press Ctrl-C to stop.");
    }

    private static async Task FollowAsync(DemoScreen screen, LogFollower follower, CancellationToken cancellationToken)
    {
        try
        {
            using PeriodicTimer timer = new(Poll);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                foreach (byte[] line in follower.Read())
                    screen.Verbatim("  " + AccessLogLine.Text(line));
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C.
        }
    }
}

/// <summary>Formats a line of the access log for the demo.</summary>
internal static class AccessLogLine
{
    /// <param name="bytes">A line as written in the log.</param>
    public static string Text(byte[] bytes)
    {
        if (LogLineReader.Read(bytes) is not { } line)
            return "unreadable log line";
        if (line.Dropped > 0)
            return $"{TextFormat.Count(line.Dropped, "line")} missing here";
        string duration =
            $"{TextFormat.Time(line.DurationMilliseconds / 1000)}, "
            + $"gate {TextFormat.Time(line.GateMilliseconds / 1000)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{line.Time.ToLocalTime():HH:mm:ss}  {line.Status}  {TerminalText.Text(line.Method)} "
                + $"{TerminalText.Text(line.Path)}  {TerminalText.Text(line.Verdict)}  {duration}"
        );
    }
}
