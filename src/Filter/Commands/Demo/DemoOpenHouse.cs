using System.Globalization;
using System.Net;
using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Demo;

/// <summary>The last act, which lasts until Ctrl-C: what to try, and a line for each request that comes.</summary>
internal static class DemoOpenHouse
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <returns>What ended it before it was told to stop, or null.</returns>
    public static async Task<string?> StayAsync(DemoScreen screen, DemoStage stage, CancellationToken cancellationToken)
    {
        await stage.FlushAccessLogAsync();
        using LogFollower follower = LogFollower.FromNow(stage.AccessLogPath);
        Invite(screen, stage.GateEndPoint);
        Task follow = FollowAsync(screen, follower, cancellationToken);
        return await Task.WhenAny(follow, stage.Failed) == follow ? null : "the gate has ended";
    }

    private static void Invite(DemoScreen screen, IPEndPoint gate)
    {
        screen.Heading("Try it: allowed, refused, streamed");
        screen.Verbatim($"  curl http://{gate}/v1/models");
        screen.Verbatim($$"""  curl -d '{"model":"llama3.3"}' http://{{gate}}/api/pull""");
        screen.Verbatim($$"""  curl -N -d '{"stream":true}' http://{{gate}}{{DemoStreamed.Path}}""");
        screen.EndLine();
        screen.Note("The gate stays up; each request is shown below. Press Ctrl-C to stop.");
    }

    private static async Task FollowAsync(DemoScreen screen, LogFollower follower, CancellationToken cancellationToken)
    {
        try
        {
            using PeriodicTimer timer = new(Poll);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                foreach (byte[] line in follower.Read())
                    screen.Verbatim("  " + AccessLogLine.Say(line));
            }
        }
        catch (OperationCanceledException)
        {
            // This is how it ends.
        }
    }
}

/// <summary>A line of the access log as the demo shows it.</summary>
internal static class AccessLogLine
{
    /// <param name="bytes">A line as it stands in the log.</param>
    public static string Say(byte[] bytes)
    {
        if (LogLineReader.Read(bytes) is not { } line)
            return "a line that cannot be read";
        if (line.Dropped > 0)
            return string.Create(CultureInfo.InvariantCulture, $"{line.Dropped} lines are missing here");
        string duration = $"{Milliseconds(line.DurationMilliseconds)}, gate {Milliseconds(line.GateMilliseconds)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{line.Time.ToLocalTime():HH:mm:ss}  {line.Status}  {TerminalText.Text(line.Method)} {TerminalText.Text(line.Path)}  {TerminalText.Text(line.Verdict)}  {duration}"
        );
    }

    private static string Milliseconds(double? value) =>
        value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:0.##} ms") : "-";
}
