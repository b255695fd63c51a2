using System.Globalization;
using System.Text;
using FastGate.Bench.Children;

namespace FastGate.Bench.Report;

/// <summary>The memory of one subject, at rest each time.</summary>
/// <param name="Subject">Name of the subject.</param>
/// <param name="Listening">Before its first request.</param>
/// <param name="Started">After some requests on one connection.</param>
/// <param name="WithFirst">With idle connections.</param>
/// <param name="Closed">When they are closed.</param>
/// <param name="WithSecond">With as many again.</param>
internal sealed record IdleMemory(
    string Subject,
    MemoryUse Listening,
    MemoryUse Started,
    MemoryUse WithFirst,
    MemoryUse Closed,
    MemoryUse WithSecond
)
{
    public IEnumerable<(string Moment, MemoryUse Use)> Moments =>
        [
            ("listening", Listening),
            ("after startup", Started),
            ("with connections", WithFirst),
            ("after they close", Closed),
            ("with as many again", WithSecond),
        ];
}

/// <summary>Renders the memory of idle connections: in total, by what it consists of, and as raw figures.</summary>
internal static class IdleReport
{
    public static void Add(PartResult result, IReadOnlyList<IdleMemory> all, int connections)
    {
        result.Tables.Add(Totals(result, all, connections));
        string[] kinds = [.. MemoryMappings.Kinds.Where(kind => all.Any(idle => idle.Started.Kinds.ContainsKey(kind)))];
        if (kinds.Length == 0)
            return;
        result.Tables.Add(
            ByKind(
                "idle, what the memory after startup consists of",
                "resident memory, MB",
                kinds,
                all,
                (idle, kind) => Megabytes(Resident(idle.Started, kind))
            )
        );
        result.Tables.Add(
            ByKind(
                $"idle, what the first {connections} connections add",
                "kB per connection",
                kinds,
                all,
                (idle, kind) =>
                    Figure.Of((Resident(idle.WithFirst, kind) - Resident(idle.Started, kind)) * 1.024 / connections, 2)
            )
        );
        result.Files.Add(("memory.csv", Csv(all)));
    }

    private static ResultTable Totals(PartResult result, IReadOnlyList<IdleMemory> all, int connections)
    {
        ResultTable table = new(
            $"idle, {connections} connections",
            "resident memory, MB",
            "listening",
            "after startup",
            "of it private",
            "with connections",
            "kB per connection",
            "after they close",
            "with as many again",
            "kB per connection"
        );
        foreach (IdleMemory idle in all)
        {
            double first = KilobytesEach(idle.Started, idle.WithFirst, connections),
                second = KilobytesEach(idle.Closed, idle.WithSecond, connections);
            table.Add(
                idle.Subject,
                Megabytes(idle.Listening.Total.Resident),
                Megabytes(idle.Started.Total.Resident),
                Megabytes(idle.Started.Total.PrivateDirty),
                Megabytes(idle.WithFirst.Total.Resident),
                Figure.Of(first),
                Megabytes(idle.Closed.Total.Resident),
                Megabytes(idle.WithSecond.Total.Resident),
                Figure.Of(second)
            );
            result.Add("idle: resident after startup, MB", idle.Subject, idle.Started.Total.Resident * 1024 / 1e6);
            result.Add("idle: kB per connection, first", idle.Subject, first);
            result.Add("idle: kB per connection, as many again", idle.Subject, second);
        }
        return table;
    }

    private static ResultTable ByKind(
        string title,
        string unit,
        string[] kinds,
        IReadOnlyList<IdleMemory> all,
        Func<IdleMemory, string, string> cell
    )
    {
        ResultTable table = new(title, [unit, .. kinds]);
        foreach (IdleMemory idle in all)
            table.Add([idle.Subject, .. kinds.Select(kind => cell(idle, kind))]);
        return table;
    }

    private static string Csv(IReadOnlyList<IdleMemory> all)
    {
        StringBuilder csv = new("subject,moment,kind,rss_kib,pss_kib,private_dirty_kib,anonymous_kib\n");
        foreach (IdleMemory idle in all)
        foreach ((string moment, MemoryUse use) in idle.Moments)
        foreach ((string kind, MemorySum sum) in use.Kinds.Prepend(new("total", use.Total)))
            csv.Append(
                CultureInfo.InvariantCulture,
                $"\"{idle.Subject}\",{moment},{kind},{sum.Resident},{sum.Proportional},{sum.PrivateDirty},{sum.Anonymous}\n"
            );
        return csv.ToString();
    }

    private static long Resident(MemoryUse use, string kind) => use.Kinds.GetValueOrDefault(kind).Resident;

    // Linux counts in units of 1024 bytes and calls them kB.
    private static string Megabytes(long kibibytes) => Figure.Of(kibibytes * 1024 / 1e6);

    private static double KilobytesEach(MemoryUse before, MemoryUse after, int connections) =>
        (after.Total.Resident - before.Total.Resident) * 1.024 / connections;
}
