using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Report;
using FastGate.Bench.Upstream;
using FastGate.Commands.Shared;

namespace FastGate.Bench.Workloads;

/// <summary>The time from the start of a process to its first correct response.</summary>
internal static class StartWorkload
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        using Stage stage = Stage.Open(setting with { Peers = [] });
        int rounds = setting.Count(11, 1);
        Dictionary<Peer, List<double>> times = setting.Peers.ToDictionary(peer => peer, _ => new List<double>());
        for (int round = 0; round < rounds; round++)
        {
            setting.Screen.Progress("start", round, rounds);
            foreach (Peer peer in setting.Peers)
                Start(peer, stage, times[peer], result);
        }
        ResultTable table = new($"start, {rounds} times each", "ms to the first response", "median", "longest");
        foreach ((Peer peer, List<double> all) in times)
        {
            all.Sort();
            table.Add(
                peer.Name,
                all.Count == 0 ? "does not start" : Figure.Of(Quantiles.Median(all)),
                all.Count == 0 ? Figure.None : Figure.Of(all[^1])
            );
            if (all.Count > 0)
                result.Add("start: to the first response, ms", peer.Name, Quantiles.Median(all));
        }
        result.Tables.Add(table);
        return result;
    }

    private static void Start(Peer peer, Stage stage, List<double> times, PartResult result)
    {
        Func<Subject> launch = peer.Prepared(stage.Upstream, pinned: false);
        long began = Stopwatch.GetTimestamp();
        try
        {
            using Subject subject = launch();
            bool right = false;
            while (!right && !subject.Process!.HasExited && Stopwatch.GetElapsedTime(began) < StartTimeout)
                right = TryExchange(subject);
            result.Checked++;
            if (right)
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            else if (peer.IsOwn)
                result.Wrong++;
        }
        catch (Win32Exception) when (!peer.IsOwn)
        {
            // A peer that does not start has no time in the table.
        }
    }

    private static bool TryExchange(Subject subject)
    {
        try
        {
            using KeepAliveClient client = new(subject.EndPoint, Requests.Version, Responses.VersionContent);
            client.Exchange();
            return client.IsRight();
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException)
        {
            // Not listening yet. The pause leaves the processor to the starting process.
            Thread.Sleep(1);
            return false;
        }
    }
}
