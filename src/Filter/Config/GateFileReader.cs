namespace FastGate.Config;

/// <summary>Reads the members of the config file out of its JSON.</summary>
internal sealed class GateFileReader
{
    private readonly List<Problem> problems;
    private readonly ValueReader values;

    private GateFileReader(List<Problem> problems)
    {
        this.problems = problems;
        values = new ValueReader(problems);
    }

    /// <param name="source">The file's name, for the places.</param>
    /// <param name="text">Its bytes.</param>
    /// <param name="problems">Where problems are added; a member with one counts as not said.</param>
    public static GateFile Read(string source, ReadOnlySpan<byte> text, List<Problem> problems)
    {
        GateFileReader reader = new(problems);
        JsonValue? root = JsonText.Parse(source, text, problems);
        return reader.values.Is(root, JsonKind.Object, "an object: { … }") ? reader.Read(root!) : new GateFile();
    }

    private GateFile Read(JsonValue root)
    {
        ObjectReader members = new(root, problems);
        GateFile file = new()
        {
            Listen = ReadListeners(members.Take("listen")),
            Public = values.Truth(members.Take("public")),
            Upstream = values.Text(members.Take("upstream"), "127.0.0.1:11434"),
            Allow = values.Texts(members.Take("allow"), "@seed"),
            From = values.Texts(members.Take("from"), "100.64.0.0/10"),
            Hosts = values.Texts(members.Take("hosts"), "ollama.example.com"),
            Host = values.Text(members.Take("host"), "rewrite"),
            GetContent = values.Text(members.Take("getContent"), "refuse"),
            AccessLog = values.Text(members.Take("accessLog"), "auto"),
            Backend = values.Text(members.Take("backend"), "auto"),
        };
        Dictionary<string, Said<double>> numbers = [];
        ReadNumbers(members, "", numbers);
        Said<string>? socket = ReadMetrics(members.Take(NumberMember.Metrics), numbers);
        ReadLimits(members.Take(NumberMember.Limits), numbers);
        members.End();
        return file with { MetricsSocket = socket, Numbers = numbers };
    }

    private Said<IReadOnlyList<SaidListener>>? ReadListeners(JsonValue? value)
    {
        if (value is null) return null;
        // One listener needs no list around it.
        IReadOnlyList<JsonValue> entries = value.Kind == JsonKind.Array ? value.Items : [value];
        IEnumerable<SaidListener?> listeners = entries.Select(ReadListener);
        return new Said<IReadOnlyList<SaidListener>>([.. listeners.OfType<SaidListener>()], value.Place);
    }

    private SaidListener? ReadListener(JsonValue value)
    {
        if (value.Kind == JsonKind.String) return new SaidListener { On = new Said<string>(value.Text, value.Place) };
        if (!values.Is(value, JsonKind.Object, "\"tailscale:11434\", or an object such as { \"on\": \"tailscale:11434\" }"))
            return null;
        ObjectReader members = new(value, problems);
        JsonValue? on = members.Take("on");
        Said<IReadOnlyList<Said<string>>>? allow = values.Texts(members.Take("allow"), "@seed");
        Said<IReadOnlyList<Said<string>>>? from = values.Texts(members.Take("from"), "100.64.0.0/10");
        Said<string>? getContent = values.Text(members.Take("getContent"), "refuse");
        members.End();
        if (on is null) problems.Add(new Problem(value.Place, "it does not say where to listen: add \"on\": \"tailscale:11434\""));
        return values.Text(on, "tailscale:11434") is { } said ? new SaidListener { On = said, Allow = allow, From = from, GetContent = getContent } : null;
    }

    private Said<string>? ReadMetrics(JsonValue? value, Dictionary<string, Said<double>> numbers)
    {
        if (!values.Is(value, JsonKind.Object, "an object, such as { \"port\": 9464 }")) return null;
        ObjectReader members = new(value!, problems);
        Said<string>? socket = values.Text(members.Take("socket"), "auto");
        ReadNumbers(members, NumberMember.Metrics, numbers);
        members.End();
        return socket;
    }

    private void ReadLimits(JsonValue? value, Dictionary<string, Said<double>> numbers)
    {
        if (!values.Is(value, JsonKind.Object, "an object, such as { \"idleSeconds\": 600 }")) return;
        ObjectReader members = new(value!, problems);
        ReadNumbers(members, NumberMember.Limits, numbers);
        members.End();
    }

    private void ReadNumbers(ObjectReader members, string within, Dictionary<string, Said<double>> numbers)
    {
        foreach (NumberMember member in NumberMember.All.Where(member => member.Within == within))
        {
            if (values.Number(members.Take(member.Name), member.Example) is { } said) numbers.Add(member.Path, said);
        }
    }
}
