using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Report;
using FastGate.Bench.Upstream;
using FastGate.Commands.Shared;

namespace FastGate.Bench.Workloads;

/// <summary>Large content in both directions, every byte compared: bytes per second, and processor time per GiB.</summary>
internal static class BulkWorkload
{
    private const int MiB = 1024 * 1024;
    private static readonly byte[] Buffer = new byte[Pattern.PartBytesMax];

    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        using Stage stage = Stage.Open(setting);
        Way(setting, stage, result, "down", setting.Count(256, 8) * (long)MiB, Download);
        Way(setting, stage, result, "up", setting.Count(64, 4) * (long)MiB, Upload);
        return result;
    }

    private static void Way(
        Setting setting,
        Stage stage,
        PartResult result,
        string way,
        long bytes,
        Func<Socket, long, bool> move
    )
    {
        int rounds = setting.Count(4, 1);
        IReadOnlyList<Subject> subjects = stage.Subjects;
        List<double>[] seconds = [.. subjects.Select(_ => new List<double>())];
        double[] cpu = new double[subjects.Count];
        // The first round warms up the compilers.
        for (int round = setting.Quick ? 1 : 0; round <= rounds; round++)
        {
            setting.Screen.Progress($"bulk, {way}", round, rounds + 1);
            for (int i = 0; i < subjects.Count; i++)
            {
                double before = subjects[i].CpuSeconds();
                long began = Stopwatch.GetTimestamp();
                using Socket socket = KeepAliveClient.Connect(subjects[i].EndPoint);
                bool right = move(socket, bytes);
                double took = Stopwatch.GetElapsedTime(began).TotalSeconds;
                result.Checked++;
                if (!right)
                    result.Wrong++;
                if (round == 0)
                    continue;
                seconds[i].Add(took);
                cpu[i] += subjects[i].CpuSeconds() - before;
            }
        }
        ResultTable table = Table(
            $"bulk, {bytes / MiB} MiB {way}, {rounds} times each, not pinned",
            bytes,
            subjects,
            seconds,
            cpu
        );
        result.Tables.Add(table);
        for (int i = 0; i < subjects.Count; i++)
            result.Add($"bulk, {way}: MiB/s", subjects[i].Name, bytes / Quantiles.Median(seconds[i]) / MiB);
    }

    private static ResultTable Table(
        string title,
        long bytes,
        IReadOnlyList<Subject> subjects,
        List<double>[] seconds,
        double[] cpu
    )
    {
        ResultTable table = new(title, "", "MiB/s, median", "of FastGate's", "CPU s per GiB");
        double gate = 1 / Quantiles.Median(seconds[IndexOfGate(subjects)]);
        for (int i = 0; i < subjects.Count; i++)
        {
            double rate = 1 / Quantiles.Median(seconds[i]),
                gibs = (double)bytes * seconds[i].Count / (1024 * MiB);
            table.Add(
                subjects[i].Name,
                Figure.Of(bytes * rate / MiB, 0),
                Figure.Times(rate, gate),
                subjects[i].IsDirect ? Figure.None : Figure.Of(cpu[i] / gibs, 2)
            );
        }
        return table;
    }

    private static bool Download(Socket socket, long bytes)
    {
        socket.Send(Requests.Download(bytes));
        int held = 0,
            head;
        while ((head = Buffer.AsSpan(0, held).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int count = socket.Receive(Buffer.AsSpan(held));
            if (count == 0)
                return false;
            held += count;
        }
        bool right =
            Buffer.AsSpan().StartsWith("HTTP/1.1 200 "u8) && Pattern.IsAt(0, Buffer.AsSpan(head + 4, held - head - 4));
        for (long done = held - head - 4; done < bytes; )
        {
            int count = socket.Receive(Buffer);
            if (count == 0)
                return false;
            right &= Pattern.IsAt(done, Buffer.AsSpan(0, count));
            done += count;
        }
        return right;
    }

    private static bool Upload(Socket socket, long bytes)
    {
        socket.Send(Requests.UploadHead(bytes));
        for (long done = 0; done < bytes; )
            done += socket.Send(Pattern.From(done, (int)long.Min(Pattern.PartBytesMax, bytes - done)));
        byte[] confirmed = Encoding.ASCII.GetBytes(Responses.UploadedContent(bytes));
        int held = 0;
        while (!Buffer.AsSpan(0, held).EndsWith(confirmed))
        {
            int count = socket.Receive(Buffer.AsSpan(held));
            if (count == 0)
                return false;
            held += count;
        }
        return Buffer.AsSpan().StartsWith("HTTP/1.1 200 "u8);
    }

    private static int IndexOfGate(IReadOnlyList<Subject> subjects) =>
        Enumerable.Range(0, subjects.Count).Single(i => subjects[i].Name == Peers.Gate);
}
