using System.Text;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Rules;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Counts the requests that no rule allows, by method and path. Requests that FastGate knows (Ollama's routes, common
/// mistakes) have a counter each, so no flood of invented paths displaces them; of the others, the most frequent are
/// counted. One for each loop; belongs to the loop's thread.
/// </summary>
internal sealed class RefusedRoutes
{
    /// <summary>How many are part of a snapshot.</summary>
    public const int RoutesMax = 10;

    /// <summary>Counters for requests that are not known.</summary>
    internal const int CountersMax = 128;

    // As in the access log.
    private const int MethodBytesMax = 32;
    private const int PathBytesMax = 256;

    // Made by the first refusal: the tables of the known requests take memory that a gate may never need.
    private KnownCount?[]? _known;
    private SpaceSaving? _others;

    /// <summary>Counts a refusal; allocates only for the first one of a known request.</summary>
    /// <param name="listener">The listener's number.</param>
    /// <param name="method">The method as sent.</param>
    /// <param name="path">The path as sent.</param>
    public void Add(int listener, ReadOnlySpan<byte> method, ReadOnlySpan<byte> path)
    {
        int number = KnownCures.NumberOf(method, path);
        if (number >= 0)
        {
            _known ??= new KnownCount?[KnownCures.Count];
            (_known[number] ??= new KnownCount(KnownCures.At(number).Rule)).Add(listener, method);
            return;
        }
        Span<byte> key = stackalloc byte[MethodBytesMax + 1 + PathBytesMax];
        method = method[..int.Min(method.Length, MethodBytesMax)];
        path = path[..int.Min(path.Length, PathBytesMax)];
        method.CopyTo(key);
        key[method.Length] = (byte)' ';
        path.CopyTo(key[(method.Length + 1)..]);
        _others ??= new SpaceSaving(CountersMax, key.Length);
        _others.Add(key[..(method.Length + 1 + path.Length)], listener);
    }

    /// <summary>Returns what was refused, in no order.</summary>
    public IReadOnlyList<RefusedCount> Read() =>
        [
            .. (_known ?? []).OfType<KnownCount>().SelectMany(known => known.Read()),
            .. (_others?.Read() ?? []).Select(other => RefusedCount.Of(other)),
        ];

    /// <summary>Combines the counts of all loops: the most frequent routes that are still refused.</summary>
    /// <param name="loops">The counts of each loop.</param>
    /// <param name="rules">The rules of each listener.</param>
    public static IReadOnlyList<RefusedRoute> Top(
        IEnumerable<IReadOnlyList<RefusedCount>> loops,
        IReadOnlyList<RuleSet> rules
    ) =>
        [
            .. loops
                .SelectMany(counts => counts)
                .GroupBy(count => (count.Method, count.Path))
                .Select(same => new RefusedCount(
                    same.Key.Method,
                    same.Key.Path,
                    same.Sum(count => count.CountMin),
                    same.Sum(count => count.CountMax),
                    same.First().Listener
                ))
                .Where(count => !count.IsAllowedBy(rules[count.Listener]))
                .OrderByDescending(count => count.CountMin)
                .ThenBy(count => count.Path, StringComparer.Ordinal)
                .Take(RoutesMax)
                .Select(count => new RefusedRoute(
                    count.Method,
                    count.Path,
                    count.CountMin,
                    count.CountMax,
                    Cures.TextOf(rules[count.Listener], count.Method, count.Path)
                )),
        ];

    /// <summary>The refusals of one known request, by method.</summary>
    private sealed class KnownCount(Rule rule)
    {
        private readonly long[] _counts = new long[rule.Methods.Count];
        private int _listener;

        public void Add(int listener, ReadOnlySpan<byte> method)
        {
            _listener = listener;
            for (int i = 0; i < _counts.Length; i++)
                if (Ascii.Equals(method, rule.Methods[i]))
                    _counts[i]++;
        }

        public IEnumerable<RefusedCount> Read() =>
            rule
                .Methods.Zip(_counts, (method, count) => new RefusedCount(method, rule.Path, count, count, _listener))
                .Where(count => count.CountMax > 0);
    }
}

/// <summary>How often one loop refused a method on a path.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path as sent, or the path of a known route with its parameters.</param>
/// <param name="CountMin">At least so often.</param>
/// <param name="CountMax">At most so often.</param>
/// <param name="Listener">The number of the listener that refused it last.</param>
internal sealed record RefusedCount(string Method, string Path, long CountMin, long CountMax, int Listener)
{
    public static RefusedCount Of(FrequentKey key)
    {
        // Neither contains a space.
        string text = Encoding.ASCII.GetString(key.Key);
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return new RefusedCount(text[..space], text[(space + 1)..], key.CountMin, key.CountMax, key.Tag);
    }

    /// <summary>A reload may have opened it since.</summary>
    public bool IsAllowedBy(RuleSet rules) =>
        rules.Match(Encoding.ASCII.GetBytes(Method), Encoding.ASCII.GetBytes(Path)).Allowed;
}
