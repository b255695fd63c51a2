using System.Net;
using FastGate.Commands.Install.Haproxy;
using FastGate.Host.Servers;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>An HAProxy configuration in front of Ollama, followed from the frontends to the server that is Ollama. It
/// is used to show what changes and to propose a config, never to decide about a request.</summary>
internal sealed class HaproxyConfig
{
    private readonly RequestTracer? _tracer;
    private readonly ProxySection? _frontend;
    private readonly IReadOnlyList<string?> _hosts = [null];

    private HaproxyConfig(SectionReader sections, HaproxyContext context)
    {
        ProxySections all = ProxySections.Of(sections.Sections, context.File);
        OllamaServer found = OllamaServer.Find(all, context);
        Server = found.Upstream;
        Remote = found.Remote;
        NotUnderstood = sections.NotUnderstood;
        if (found.Frontend is null)
        {
            NotMigrated =
            [
                .. all.Frontends.Where(proxy => !proxy.IsDisabled).Select(proxy => MigrationGaps.NotToOllama(proxy)),
            ];
            // A line that was not understood may lead to Ollama.
            NotUnderstood =
            [
                .. sections.NotUnderstood,
                .. all.Frontends.Concat(all.Backends.Values).Distinct().SelectMany(proxy => proxy.NotUnderstood),
            ];
            Binds = [];
            AllBinds = [.. all.Frontends.SelectMany(proxy => proxy.Binds)];
            return;
        }
        (_tracer, _frontend, _hosts) = (found.Tracer, found.Frontend, found.Hosts);
        Binds = [.. found.Frontends.SelectMany(proxy => proxy.Binds)];
        AllBinds = [.. all.Frontends.SelectMany(proxy => proxy.Binds)];
        Allows =
        [
            .. _frontend
                .Targets.Where(target => found.Backends.Contains(target.Backend) || target.Backend == _frontend.Name)
                .SelectMany(HaproxyAllow.Of),
        ];
        MigrationGaps report = new(all, found, this);
        NotUnderstood = [.. sections.NotUnderstood, .. report.NotUnderstood];
        NotMigrated = report.NotMigrated;
    }

    /// <summary>What HAProxy forwards to Ollama, in the order of the file.</summary>
    public IReadOnlyList<HaproxyAllow> Allows { get; } = [];

    /// <summary>The addresses where clients that reach Ollama connect.</summary>
    public IReadOnlyList<Bind> Binds { get; }

    /// <summary>All addresses that HAProxy binds.</summary>
    public IReadOnlyList<Bind> AllBinds { get; }

    /// <summary>The port that clients use; null if it is unknown.</summary>
    public int? Port => Binds.Count > 0 ? Binds[0].Port : null;

    /// <summary>Ollama's address, on this machine and without TLS; null if no server matches.</summary>
    public string? Server { get; }

    /// <summary>The server that looks like Ollama but uses TLS or is on another machine; null if there is
    /// none.</summary>
    public Server? Remote { get; }

    /// <summary>Whether any frontend leads to Ollama.</summary>
    public bool LeadsToOllama => _frontend is not null;

    /// <summary>Lines that affect requests and were not understood, each with its number.</summary>
    public IReadOnlyList<string> NotUnderstood { get; }

    /// <summary>Lines that were understood but have no counterpart in FastGate, each with the reason.</summary>
    public IReadOnlyList<string> NotMigrated { get; }

    /// <summary>The <c>Host</c> names that requests need to reach Ollama.</summary>
    public IReadOnlyList<string> Hosts =>
        _tracer is null
            ? []
            : [.. _hosts.OfType<string>().Where(IsRequired).Select(OllamaServer.ToOwnName).OfType<string>()];

    public static HaproxyConfig Parse(string text, HaproxyContext? context = null) => Parse([("", text)], context);

    /// <param name="files">The files in the order in which HAProxy reads them; named only if there are several.</param>
    /// <param name="context">What the configuration depends on besides its text.</param>
    public static HaproxyConfig Parse(IReadOnlyList<(string Name, string Text)> files, HaproxyContext? context = null)
    {
        context ??= HaproxyContext.Empty;
        SectionReader sections = new(context.Variable);
        foreach ((string name, string text) in files)
            sections.Read(text, name);
        return new HaproxyConfig(sections, context);
    }

    /// <summary>Whether a request reaches Ollama, under any host name.</summary>
    public TraceResult Trace(string method, string path) =>
        _tracer is null
            ? TraceResult.Refused(null)
            : Requests(method, path)
                .Select(request => _tracer.Trace(_frontend!, request))
                .MaxBy(trace => trace.Reaches)!;

    /// <summary>Whether an item of <see cref="Allows"/> covers a request.</summary>
    public Truth Matches(HaproxyAllow allow, string method, string path) => Requests(method, path).Max(allow.Covers);

    /// <summary>Whether an item of <see cref="Allows"/> names the method and the path of a request, whatever else it
    /// requires.</summary>
    public Truth Names(HaproxyAllow allow, string method, string path) => Requests(method, path).Max(allow.Names);

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
        _tracer!.Trace(_frontend!, OllamaServer.RequestOf(_frontend!, method, path, host)).Reaches;

    private IEnumerable<SampleRequest> Requests(string method, string path) =>
        _hosts.Select(host => OllamaServer.RequestOf(_frontend!, method, path, host));
}

/// <summary>Something that HAProxy forwards to Ollama: a path, a path prefix, or everything that is left.</summary>
/// <param name="Text">The description for the user, such as <c>/v1/models…</c>.</param>
/// <param name="Line">The line that forwards it.</param>
/// <param name="IsRest">Everything that no earlier line takes.</param>
/// <param name="Covers">Whether a request is covered.</param>
internal sealed record HaproxyAllow(string Text, ConfigLine Line, bool IsRest, Func<SampleRequest, Truth> Covers)
{
    private const int AlternativesMax = 500;

    /// <summary>Whether a request has the method and path that are named, whatever else is required.</summary>
    public Func<SampleRequest, Truth> Names { get; private init; } = Covers;

    public override string ToString() => Text;

    /// <summary>What a line forwards to a backend, one item for each path that it names.</summary>
    public static IEnumerable<HaproxyAllow> Of(Target target)
    {
        if (target.IsRest)
            return [new HaproxyAllow("everything else", target.Line, true, _ => Truth.Yes)];
        if (target.Condition.Problem is not null)
            return [];
        return target.Condition.Alternatives().SelectMany(literals => Of(target.Line, literals)).Take(AlternativesMax);
    }

    private static IEnumerable<HaproxyAllow> Of(ConfigLine line, IReadOnlyList<Literal> literals)
    {
        Literal? path = literals.FirstOrDefault(literal => literal.IsPath);
        string methods = string.Join(
            ',',
            literals.Where(literal => literal.IsMethod).SelectMany(literal => literal.Any).SelectMany(any => any.Values)
        );
        string[] others =
        [
            .. literals.Where(literal => literal != path && !literal.IsMethod).Select(literal => literal.ToString()),
        ];
        string before = methods.Length > 0 ? $"{methods} " : "";
        string after = others.Length > 0 ? $" if {string.Join(' ', others)}" : "";
        if (path is null)
            return [new HaproxyAllow($"{before}everything{after}", line, false, All) { Names = OfMethod }];
        return from criterion in path.Any
            from value in criterion.Values
            select new HaproxyAllow(
                $"{before}{criterion.Show(value)}{after}",
                line,
                false,
                request => Min(criterion.Of(request, value), All(request))
            )
            {
                Names = request => Min(criterion.Of(request, value), OfMethod(request)),
            };

        Truth OfMethod(SampleRequest request) =>
            literals
                .Where(literal => literal.IsMethod)
                .Aggregate(Truth.Yes, (least, literal) => Min(least, literal.Of(request)));

        Truth All(SampleRequest request) =>
            literals
                .Where(literal => literal != path)
                .Aggregate(Truth.Yes, (least, literal) => Min(least, literal.Of(request)));
    }

    private static Truth Min(Truth left, Truth right) => left < right ? left : right;
}

/// <summary>What an HAProxy configuration depends on besides its text.</summary>
internal sealed record HaproxyContext
{
    /// <summary>A context in which nothing is known.</summary>
    public static HaproxyContext Empty { get; } = new();

    /// <summary>The context of HAProxy's agent: its files and its environment.</summary>
    /// <param name="folder">The base of relative paths.</param>
    /// <param name="variable">The environment of HAProxy's agent.</param>
    public static HaproxyContext Of(string folder, Func<string, string?> variable) =>
        new() { Variable = variable, File = path => HaproxyFiles.TextOf(Path.Combine(folder, path)) };

    /// <summary>The value of a variable in HAProxy's environment; null if unknown.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>The text of a file that the configuration names; null if it cannot be read.</summary>
    public Func<string, string?> File { get; init; } = _ => null;

    /// <summary>This machine's addresses.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The ports where Ollama is expected.</summary>
    public IReadOnlyList<int> OllamaPorts { get; init; } = [11434];
}
