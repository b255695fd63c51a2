using System.Text;
using FastGate.Commands.Shared;
using FastGate.Proxy.Rules;
using Spectre.Console;

namespace FastGate.Commands.Demo;

/// <summary>Part 1: an allowed request, and the time that the gate adds to it.</summary>
internal static class DemoAllowed
{
    private const string Path = "/api/version";

    private const int Requests = 2_000;

    /// <returns>What was unexpected, or null.</returns>
    public static string? Show(DemoScreen screen, DemoStage stage, CancellationToken cancellationToken)
    {
        byte[] request = DemoClient.Get(Path);
        using DemoClient direct = stage.ConnectDirectly();
        using DemoClient through = stage.ConnectThroughGate();
        string without = direct.Send(request).Text;
        DemoResponse response = through.Send(request);
        string with = response.Text;

        screen.Heading("1  An allowed request");
        screen.Facts(
            ("sent", $"GET {Path}"),
            ("response", $"{DemoScreen.Status(response.Status)} {Markup.Escape(with)}"),
            ("rule", RuleOf(stage.Rules))
        );
        if (response.Status != 200)
            return $"GET {Path} was not allowed";
        if (with != without)
            return "the response differs from the one without the gate";

        ShowTimes(screen, Measure(direct, through, request, cancellationToken));
        return null;
    }

    private static string RuleOf(RuleSet rules)
    {
        RouteMatch match = rules.Match("GET"u8, Encoding.ASCII.GetBytes(Path));
        return match.Allowed ? Markup.Escape(rules.Items[match.RuleIndex].ToString()) : "none";
    }

    /// <summary>Sends each request directly and through the gate in turn, so that other load on the machine affects
    /// both.</summary>
    private static AddedLatency Measure(
        DemoClient direct,
        DemoClient through,
        byte[] request,
        CancellationToken cancellationToken
    )
    {
        AddedLatency latency = new(Requests);
        long warm = DemoClock.Now + DemoClock.WarmUpNanoseconds;
        while (DemoClock.Now < warm)
        {
            cancellationToken.ThrowIfCancellationRequested();
            direct.Send(request);
            through.Send(request);
        }
        while (latency.Count < Requests)
        {
            cancellationToken.ThrowIfCancellationRequested();
            latency.Direct.Add(Time(direct, request));
            latency.Through.Add(Time(through, request));
        }
        return latency;
    }

    private static long Time(DemoClient client, byte[] request)
    {
        long begin = DemoClock.Now;
        client.Send(request);
        return DemoClock.Now - begin;
    }

    private static void ShowTimes(DemoScreen screen, AddedLatency latency)
    {
        screen.Figures(
            ["median", "p99"],
            ["without the gate", DemoClock.Text(latency.Direct.Median), DemoClock.Text(latency.Direct.P99)],
            ["through the gate", DemoClock.Text(latency.Through.Median), DemoClock.Text(latency.Through.P99)],
            [
                "added",
                DemoClock.Text(latency.Through.Median - latency.Direct.Median),
                DemoClock.Text(latency.Through.P99 - latency.Direct.P99),
            ]
        );
        screen.Note(
            $"{Requests:N0} requests each way, in turn; on this machine, shared with the demo's own "
                + $"client and stand-in."
        );
    }
}
