namespace FastGate.Config;

/// <summary>Reads the members of the config file out of its JSON.</summary>
internal sealed class GateFileReader
{
    private readonly List<Problem> _problems;
    private readonly ValueReader _values;

    private GateFileReader(List<Problem> problems)
    {
        _problems = problems;
        _values = new ValueReader(problems);
    }

    /// <param name="source">The file's name, for the places.</param>
    /// <param name="text">Its bytes.</param>
    /// <param name="problems">Where problems are added; a member with one counts as not said.</param>
    public static GateFile Read(string source, ReadOnlySpan<byte> text, List<Problem> problems)
    {
        GateFileReader reader = new(problems);
        JsonValue? root = JsonText.Parse(source, text, problems);
        return reader._values.Is(root, JsonKind.Object, "an object: { … }") ? reader.Read(root!) : new GateFile();
    }

    private GateFile Read(JsonValue root)
    {
        ObjectReader members = new(root, _problems);
        GateFile file = new()
        {
            Listen = ReadListeners(members.Take("listen")),
            Public = _values.Truth(members.Take("public")),
            Upstream = _values.Text(members.Take("upstream"), "127.0.0.1:11434"),
            Allow = _values.Strings(members.Take("allow"), "@seed"),
            From = _values.Strings(members.Take("from"), "100.64.0.0/10"),
            Hosts = _values.Strings(members.Take("hosts"), "ollama.example.com"),
            Host = _values.Text(members.Take("host"), "rewrite"),
            GetContent = _values.Text(members.Take("getContent"), "refuse"),
            AccessLog = _values.Text(members.Take("accessLog"), "auto"),
            Backend = _values.Text(members.Take("backend"), "auto"),
        };
        Dictionary<string, Sourced<double>> numbers = [];
        ReadNumbers(members, "", numbers);
        Sourced<string>? socket = ReadMetrics(members.Take(NumberMember.Metrics), numbers);
        ReadLimits(members.Take(NumberMember.Limits), numbers);
        members.End();
        return file with { MetricsSocket = socket, Numbers = numbers };
    }

    private Sourced<IReadOnlyList<ListenerSection>>? ReadListeners(JsonValue? value)
    {
        if (value is null)
            return null;
        // One listener needs no list around it.
        IReadOnlyList<JsonValue> entries = value.Kind == JsonKind.Array ? value.Items : [value];
        IEnumerable<ListenerSection?> listeners = entries.Select(ReadListener);
        return new Sourced<IReadOnlyList<ListenerSection>>([.. listeners.OfType<ListenerSection>()], value.Place);
    }

    private ListenerSection? ReadListener(JsonValue value)
    {
        if (value.Kind == JsonKind.String)
            return new ListenerSection { On = new Sourced<string>(value.Text, value.Place) };
        if (
            !_values.Is(
                value,
                JsonKind.Object,
                "\"tailscale:11434\", or an object such as { \"on\": \"tailscale:11434\" }"
            )
        )
            return null;
        ObjectReader members = new(value, _problems);
        JsonValue? on = members.Take("on");
        Sourced<IReadOnlyList<Sourced<string>>>? allow = _values.Strings(members.Take("allow"), "@seed");
        Sourced<IReadOnlyList<Sourced<string>>>? from = _values.Strings(members.Take("from"), "100.64.0.0/10");
        Sourced<string>? getContent = _values.Text(members.Take("getContent"), "refuse");
        members.End();
        if (on is null)
            _problems.Add(new Problem(value.Place, "it does not say where to listen: add \"on\": \"tailscale:11434\""));
        return _values.Text(on, "tailscale:11434") is { } said
            ? new ListenerSection
            {
                On = said,
                Allow = allow,
                From = from,
                GetContent = getContent,
            }
            : null;
    }

    private Sourced<string>? ReadMetrics(JsonValue? value, Dictionary<string, Sourced<double>> numbers)
    {
        if (!_values.Is(value, JsonKind.Object, "an object, such as { \"port\": 9464 }"))
            return null;
        ObjectReader members = new(value!, _problems);
        Sourced<string>? socket = _values.Text(members.Take("socket"), "auto");
        ReadNumbers(members, NumberMember.Metrics, numbers);
        members.End();
        return socket;
    }

    private void ReadLimits(JsonValue? value, Dictionary<string, Sourced<double>> numbers)
    {
        if (!_values.Is(value, JsonKind.Object, "an object, such as { \"idleSeconds\": 600 }"))
            return;
        ObjectReader members = new(value!, _problems);
        ReadNumbers(members, NumberMember.Limits, numbers);
        members.End();
    }

    private void ReadNumbers(ObjectReader members, string within, Dictionary<string, Sourced<double>> numbers)
    {
        foreach (NumberMember member in NumberMember.All.Where(member => member.Within == within))
        {
            if (_values.Number(members.Take(member.Name), member.Example) is { } said)
                numbers.Add(member.Path, said);
        }
    }
}
