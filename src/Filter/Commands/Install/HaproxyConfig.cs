using System.Net;
using FastGate.Commands.Install.Haproxy;
using FastGate.Host.Servers;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>
/// An HAProxy configuration that guards Ollama, followed from where clients connect to the server that is Ollama. It is
/// read to show what changes and to propose a config, never to decide about a request.
/// </summary>
internal sealed class HaproxyConfig
{
    private readonly RequestTracer? _tracer;
    private readonly ProxySection? _entrance;
    private readonly IReadOnlyList<string?> _hosts = [null];

    private HaproxyConfig(SectionReader sections, HaproxyContext context)
    {
        ProxySections all = ProxySections.Of(sections.Sections, context.File);
        OllamaServer found = OllamaServer.Find(all, context);
        Server = found.Upstream;
        Remote = found.Remote;
        NotUnderstood = sections.NotUnderstood;
        if (found.Entrance is null)
        {
            NotMigrated =
            [
                .. all.Entrances.Where(proxy => !proxy.IsDisabled).Select(proxy => MigrationGaps.Elsewhere(proxy)),
            ];
            Binds = [];
            AllBinds = [.. all.Entrances.SelectMany(proxy => proxy.Binds)];
            return;
        }
        (_tracer, _entrance, _hosts) = (found.Tracer, found.Entrance, found.Hosts);
        Binds = [.. found.Entrances.SelectMany(proxy => proxy.Binds)];
        AllBinds = [.. all.Entrances.SelectMany(proxy => proxy.Binds)];
        Allows =
        [
            .. _entrance
                .Targets.Where(target => found.Goals.Contains(target.Backend) || target.Backend == _entrance.Name)
                .SelectMany(HaproxyAllow.Of),
        ];
        MigrationGaps report = new(all, found, this);
        NotUnderstood = [.. sections.NotUnderstood, .. report.NotUnderstood];
        NotMigrated = report.NotMigrated;
    }

    /// <summary>What it sends to Ollama, in its order.</summary>
    public IReadOnlyList<HaproxyAllow> Allows { get; } = [];

    /// <summary>Where clients connect that reach Ollama.</summary>
    public IReadOnlyList<Bind> Binds { get; }

    /// <summary>All addresses that it keeps from others.</summary>
    public IReadOnlyList<Bind> AllBinds { get; }

    /// <summary>The port that clients use; null if it was not said.</summary>
    public int? Port => Binds.Count > 0 ? Binds[0].Port : null;

    /// <summary>Where it finds Ollama, on this machine and without TLS; null if there is no such server.</summary>
    public string? Server { get; }

    /// <summary>The server that looks like Ollama and is reached by TLS or on another machine; null if there is
    /// none.</summary>
    public Server? Remote { get; }

    /// <summary>Something in it leads to Ollama.</summary>
    public bool LeadsToOllama => _entrance is not null;

    /// <summary>Lines that decide something and were not understood, each with its number.</summary>
    public IReadOnlyList<string> NotUnderstood { get; }

    /// <summary>Lines that were understood and have nothing in FastGate in their place, each with the reason.</summary>
    public IReadOnlyList<string> NotMigrated { get; }

    /// <summary>Names in <c>Host</c> that are needed to reach Ollama.</summary>
    public IReadOnlyList<string> Hosts =>
        _tracer is null
            ? []
            : [.. _hosts.OfType<string>().Where(IsRequired).Select(OllamaServer.ToOwnName).OfType<string>()];

    public static HaproxyConfig Parse(string text, HaproxyContext? context = null) => Parse([("", text)], context);

    /// <param name="files">The files in the order in which HAProxy reads them; a name only if there are
    /// several.</param>
    /// <param name="context">What it depends on.</param>
    public static HaproxyConfig Parse(IReadOnlyList<(string Name, string Text)> files, HaproxyContext? context = null)
    {
        context ??= HaproxyContext.Empty;
        SectionReader sections = new(context.Variable);
        foreach ((string name, string text) in files)
            sections.Read(text, name);
        return new HaproxyConfig(sections, context);
    }

    /// <summary>Whether a request reaches Ollama, by whatever name its host is called.</summary>
    public TraceResult Trace(string method, string path) =>
        _tracer is null
            ? TraceResult.Refused(null)
            : Probes(method, path).Select(request => _tracer.Trace(_entrance!, request)).MaxBy(trace => trace.Reaches)!;

    /// <summary>Whether one of <see cref="Allows"/> means a request.</summary>
    public Truth Matches(HaproxyAllow allow, string method, string path) => Probes(method, path).Max(allow.Covers);

    private bool IsRequired(string host) =>
        OllamaRoutes
            .All.Where(route => !route.IsManagement)
            .Any(route =>
                route.Rule.Methods.Any(method =>
                    SamplePaths
                        .Of(route.Rule)
                        .Any(path => Follow(method, path, host) == Truth.Yes && Follow(method, path, null) != Truth.Yes)
                )
            );

    private Truth Follow(string method, string path, string? host) =>
        _tracer!.Trace(_entrance!, OllamaServer.RequestOf(_entrance!, method, path, host)).Reaches;

    private IEnumerable<SampleRequest> Probes(string method, string path) =>
        _hosts.Select(host => OllamaServer.RequestOf(_entrance!, method, path, host));
}

/// <summary>Something that an HAProxy set-up sends to Ollama: a path, how paths begin, or everything that is
/// left.</summary>
/// <param name="Text">For people: <c>/v1/models…</c>.</param>
/// <param name="Line">The line that sends it there.</param>
/// <param name="IsRest">All that no line before it takes.</param>
/// <param name="Covers">Whether a request is meant by it.</param>
internal sealed record HaproxyAllow(string Text, ConfigLine Line, bool IsRest, Func<SampleRequest, Truth> Covers)
{
    private const int WaysMax = 500;

    public override string ToString() => Text;

    /// <summary>What a line sends to a backend, one for each path that it names.</summary>
    public static IEnumerable<HaproxyAllow> Of(Target target)
    {
        if (target.IsRest)
            return [new HaproxyAllow("everything else", target.Line, true, _ => Truth.Yes)];
        if (target.Condition.Problem is not null)
            return [];
        return target.Condition.Ways().SelectMany(way => Of(target.Line, way)).Take(WaysMax);
    }

    private static IEnumerable<HaproxyAllow> Of(ConfigLine line, IReadOnlyList<Literal> way)
    {
        Literal? path = way.FirstOrDefault(literal => literal.IsPath);
        string methods = string.Join(
            ',',
            way.Where(literal => literal.IsMethod).SelectMany(literal => literal.Any).SelectMany(any => any.Values)
        );
        string[] others =
        [
            .. way.Where(literal => literal != path && !literal.IsMethod).Select(literal => literal.ToString()),
        ];
        string before = methods.Length > 0 ? $"{methods} " : "";
        string after = others.Length > 0 ? $" if {string.Join(' ', others)}" : "";
        if (path is null)
            return [new HaproxyAllow($"{before}everything{after}", line, false, All)];
        return from criterion in path.Any
            from value in criterion.Values
            select new HaproxyAllow(
                $"{before}{criterion.Show(value)}{after}",
                line,
                false,
                request => Min(criterion.Of(request, value), All(request))
            );

        Truth All(SampleRequest request) =>
            way.Where(literal => literal != path)
                .Aggregate(Truth.Yes, (least, literal) => Min(least, literal.Of(request)));
    }

    private static Truth Min(Truth one, Truth other) => one < other ? one : other;
}

/// <summary>What the meaning of an HAProxy configuration depends on beside its text.</summary>
internal sealed record HaproxyContext
{
    /// <summary>Nothing is known.</summary>
    public static HaproxyContext Empty { get; } = new();

    /// <summary>What the files and the environment of HAProxy's agent add.</summary>
    /// <param name="folder">Base of relative paths.</param>
    /// <param name="variable">The environment of HAProxy's agent.</param>
    public static HaproxyContext Of(string folder, Func<string, string?> variable) =>
        new() { Variable = variable, File = path => HaproxyFiles.TextOf(Path.Combine(folder, path)) };

    /// <summary>The value of a variable in HAProxy's environment; null if it is unknown.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>The text of a file that the configuration names; null if it cannot be read.</summary>
    public Func<string, string?> File { get; init; } = _ => null;

    /// <summary>This machine's addresses.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Ports at which Ollama is expected.</summary>
    public IReadOnlyList<int> OllamaPorts { get; init; } = [11434];
}
