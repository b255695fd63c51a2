namespace FastGate.Commands.Install.Haproxy;

/// <summary>All sections that take or pass requests.</summary>
internal sealed class HaproxyProxies
{
    private HaproxyProxies(IReadOnlyList<ProxySection> all)
    {
        All = all;
        // A frontend and a backend may have one name: requests are sent to the backend.
        Backends = all.Where(proxy => proxy.Section.Kind != "frontend")
            .GroupBy(proxy => proxy.Name)
            .ToDictionary(group => group.Key, group => group.First());
    }

    public IReadOnlyList<ProxySection> All { get; }

    public IEnumerable<ProxySection> Entrances => All.Where(proxy => proxy.IsEntrance);

    public IReadOnlyDictionary<string, ProxySection> Backends { get; }

    public static HaproxyProxies Of(IReadOnlyList<ConfigSection> sections, Func<string, string?> file)
    {
        List<ProxySection> all = [];
        ConfigSection? latest = null;
        foreach (ConfigSection section in sections)
        {
            if (section.Kind == "defaults")
                latest = section;
            if (section.Kind is not ("frontend" or "backend" or "listen"))
                continue;
            // "frontend x from y" takes the defaults of that name.
            ConfigSection? defaults = section.Heading.Words is [_, _, "from", var named, ..]
                ? sections.FirstOrDefault(other => other.Kind == "defaults" && other.Name == named)
                : latest;
            all.Add(ProxySection.Of(section, defaults, file));
        }
        return new HaproxyProxies(all);
    }
}
