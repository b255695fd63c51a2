using System.Globalization;

namespace FastGate.Bench.Children;

/// <summary>The memory of a process and its children at one moment, in kB: in total, and by what it is used
/// for.</summary>
/// <param name="Total">All of it; on Linux the sum that <c>smaps_rollup</c> has.</param>
/// <param name="Kinds">The same by kind of mapping; empty where the system does not list mappings.</param>
internal sealed record MemoryUse(MemorySum Total, IReadOnlyDictionary<string, MemorySum> Kinds)
{
    public static MemoryUse Of(IEnumerable<int> processes)
    {
        MemorySum total = default;
        Dictionary<string, MemorySum> kinds = [];
        foreach (int process in processes)
        {
            total = total.Plus(Rollup(process));
            foreach ((string kind, MemorySum sum) in MemoryMappings.Read(process))
                kinds[kind] = kinds.GetValueOrDefault(kind).Plus(sum);
        }
        return new MemoryUse(total, kinds);
    }

    private static MemorySum Rollup(int process)
    {
        string file = $"/proc/{process}/smaps_rollup";
        if (!File.Exists(file))
        {
            using var other = System.Diagnostics.Process.GetProcessById(process);
            return new MemorySum(other.WorkingSet64 / 1024, 0, 0, 0);
        }
        MemorySum sum = default;
        foreach (string line in File.ReadLines(file))
            sum = sum.PlusLine(line);
        return sum;
    }
}

/// <summary>Some memory, in kB, by the names that Linux uses.</summary>
/// <param name="Resident">In memory, including pages that other processes use too (Rss).</param>
/// <param name="Proportional">The same, with shared pages divided among their users (Pss).</param>
/// <param name="PrivateDirty">Written, and this process's alone: what would be free without it.</param>
/// <param name="Anonymous">Not backed by a file.</param>
internal readonly record struct MemorySum(long Resident, long Proportional, long PrivateDirty, long Anonymous)
{
    public MemorySum Plus(MemorySum other) =>
        new(
            Resident + other.Resident,
            Proportional + other.Proportional,
            PrivateDirty + other.PrivateDirty,
            Anonymous + other.Anonymous
        );

    /// <summary>Adds a line such as <c>Rss:  16 kB</c>; lines about anything else add nothing.</summary>
    public MemorySum PlusLine(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, var value, "kB"]
            ? Plus(Named(name, long.Parse(value, CultureInfo.InvariantCulture)))
            : this;

    private static MemorySum Named(string name, long value) =>
        name switch
        {
            "Rss:" => new MemorySum(value, 0, 0, 0),
            "Pss:" => new MemorySum(0, value, 0, 0),
            "Private_Dirty:" => new MemorySum(0, 0, value, 0),
            "Anonymous:" => new MemorySum(0, 0, 0, value),
            _ => default,
        };
}

/// <summary>Reads the mappings of a process on Linux and names what each is used for.</summary>
internal static class MemoryMappings
{
    public const string Program = "program",
        Libraries = "libraries",
        Assemblies = ".NET assemblies",
        CompiledCode = "compiled code",
        Stacks = "stacks",
        Heap = "heap of malloc",
        OtherAnonymous = "other anonymous",
        OtherFiles = "other files";

    /// <summary>All kinds, in the order of the tables.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [Program, Libraries, Assemblies, CompiledCode, Heap, OtherAnonymous, Stacks, OtherFiles];

    public static IEnumerable<(string Kind, MemorySum Sum)> Read(int process)
    {
        string file = $"/proc/{process}/smaps";
        if (!File.Exists(file))
            yield break;
        string program = File.ResolveLinkTarget($"/proc/{process}/exe", returnFinalTarget: false)?.FullName ?? "";
        List<ulong> stacks = StackPointers(process);
        string kind = OtherFiles;
        foreach (string line in File.ReadLines(file))
        {
            if (char.IsAsciiHexDigitLower(line[0]))
                kind = KindOf(line, program, stacks);
            else if (default(MemorySum).PlusLine(line) is var sum && sum != default)
                yield return (kind, sum);
        }
    }

    // "7f0c1c000000-7f0c1c021000 rw-p 00000000 00:00 0   [heap]"
    private static string KindOf(string header, string program, List<ulong> stacks)
    {
        string[] parts = header.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        string path = parts.Length < 6 ? "" : parts[5].Trim();
        ulong[] range =
        [
            .. parts[0].Split('-').Select(at => ulong.Parse(at, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        ];
        return path switch
        {
            "[heap]" => Heap,
            "[stack]" => Stacks,
            "" when stacks.Any(at => at >= range[0] && at < range[1]) => Stacks,
            _ when path.Length == 0 || path.StartsWith("[anon", StringComparison.Ordinal) => OtherAnonymous,
            _ when path == program => Program,
            // Where .NET's compiler puts its code.
            _ when path.StartsWith("/memfd:doublemapper", StringComparison.Ordinal) => CompiledCode,
            _ when path.EndsWith(".dll", StringComparison.Ordinal) => Assemblies,
            _ when path.Contains(".so", StringComparison.Ordinal) => Libraries,
            _ => OtherFiles,
        };
    }

    // The kernel no longer says which mapping is a thread's stack. The stack pointer of a waiting thread does; a thread
    // that runs at this moment has none, and its stack counts as other anonymous memory.
    private static List<ulong> StackPointers(int process)
    {
        List<ulong> pointers = [];
        foreach (string thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            string[] parts = SystemCallOf(thread).Split(' ');
            if (parts.Length > 2 && parts[^2].StartsWith("0x", StringComparison.Ordinal))
                pointers.Add(ulong.Parse(parts[^2].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }
        return pointers;
    }

    // "232 0x5 0x7f… 0x7f…", of which the last two are the stack pointer and the place in the code; or "running".
    private static string SystemCallOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "syscall"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The thread has ended, or the system does not let us look.
            return "";
        }
    }
}
