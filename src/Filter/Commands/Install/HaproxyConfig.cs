using FastGate.Commands.Install.Haproxy;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>
/// An HAProxy configuration that guards Ollama, followed from where clients connect to the server that is Ollama. It is
/// read to show what changes and to propose a config, never to decide about a request.
/// </summary>
internal sealed class HaproxyConfig
{
    private readonly Walk? _walk;
    private readonly ProxySection? _entrance;
    private readonly IReadOnlyList<string?> _hosts = [null];

    private HaproxyConfig(SectionReader sections, HaproxyContext context)
    {
        HaproxyProxies all = HaproxyProxies.Of(sections.Sections, context.File);
        OllamaServer found = OllamaServer.Find(all, context);
        Server = found.Upstream;
        Foreign = found.Foreign;
        NotUnderstood = sections.Odd;
        if (found.Entrance is null)
        {
            NotTakenOver =
            [
                .. all.Entrances.Where(proxy => !proxy.IsDisabled).Select(proxy => LossReport.Elsewhere(proxy)),
            ];
            // What was not understood may be the way to Ollama.
            NotUnderstood =
            [
                .. sections.Odd,
                .. all.Entrances.Concat(all.Backends.Values).Distinct().SelectMany(proxy => proxy.Odd),
            ];
            Binds = [];
            AllBinds = [.. all.Entrances.SelectMany(proxy => proxy.Binds)];
            return;
        }
        (_walk, _entrance, _hosts) = (found.Walk, found.Entrance, found.Hosts);
        Binds = [.. found.Entrances.SelectMany(proxy => proxy.Binds)];
        AllBinds = [.. all.Entrances.SelectMany(proxy => proxy.Binds)];
        Allows =
        [
            .. _entrance
                .Targets.Where(target => found.Goals.Contains(target.Backend) || target.Backend == _entrance.Name)
                .SelectMany(HaproxyAllow.Of),
        ];
        LossReport report = new(all, found, this);
        NotUnderstood = [.. sections.Odd, .. report.Odd];
        NotTakenOver = report.Lost;
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
    public Server? Foreign { get; }

    /// <summary>Something in it leads to Ollama.</summary>
    public bool LeadsToOllama => _entrance is not null;

    /// <summary>Lines that decide something and were not understood, each with its number.</summary>
    public IReadOnlyList<string> NotUnderstood { get; }

    /// <summary>Lines that were understood and have nothing in FastGate in their place, each with the reason.</summary>
    public IReadOnlyList<string> NotTakenOver { get; }

    /// <summary>Names in <c>Host</c> that are needed to reach Ollama.</summary>
    public IReadOnlyList<string> Hosts =>
        _walk is null
            ? []
            : [.. _hosts.OfType<string>().Where(IsNeeded).Select(OllamaServer.ToOwnName).OfType<string>()];

    public static HaproxyConfig Parse(string text, HaproxyContext? context = null) => Parse([("", text)], context);

    /// <param name="files">The files in the order in which HAProxy reads them; a name only if there are
    /// several.</param>
    /// <param name="context">What it depends on.</param>
    public static HaproxyConfig Parse(IReadOnlyList<(string Name, string Text)> files, HaproxyContext? context = null)
    {
        context ??= HaproxyContext.Nothing;
        SectionReader sections = new(context.Variable);
        foreach ((string name, string text) in files)
            sections.Read(text, name);
        return new HaproxyConfig(sections, context);
    }

    /// <summary>Whether a request reaches Ollama, by whatever name its host is called.</summary>
    public Passage Ask(string method, string path) =>
        _walk is null
            ? Passage.Refused(null)
            : Probes(method, path).Select(probe => _walk.Follow(_entrance!, probe)).MaxBy(passage => passage.Reaches)!;

    /// <summary>Whether one of <see cref="Allows"/> means a request.</summary>
    public Truth Means(HaproxyAllow allow, string method, string path) => Probes(method, path).Max(allow.Covers);

    /// <summary>Whether one of <see cref="Allows"/> has the method and the path of a request, whatever else it
    /// requires.</summary>
    public Truth Names(HaproxyAllow allow, string method, string path) => Probes(method, path).Max(allow.Names);

    private bool IsNeeded(string host) =>
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
        _walk!.Follow(_entrance!, OllamaServer.ProbeOf(_entrance!, method, path, host)).Reaches;

    private IEnumerable<Probe> Probes(string method, string path) =>
        _hosts.Select(host => OllamaServer.ProbeOf(_entrance!, method, path, host));
}
