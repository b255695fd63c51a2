using System.Globalization;
using FastGate.Proxy.Rules;

namespace FastGate.Config;

/// <summary>Reads the members of a config file from its JSON.</summary>
internal sealed class GateFileReader
{
    private readonly List<Problem> _problems;
    private readonly ValueReader _values;

    private GateFileReader(List<Problem> problems)
    {
        _problems = problems;
        _values = new ValueReader(problems);
    }

    /// <param name="source">The file's path, for locations.</param>
    /// <param name="text">The file's content.</param>
    /// <param name="problems">Receives the problems; an invalid member counts as not set.</param>
    public static GateFile Read(string source, ReadOnlySpan<byte> text, List<Problem> problems)
    {
        GateFileReader reader = new(problems);
        JsonValue? root = JsonText.Parse(source, text, problems);
        return reader._values.Expect(root, JsonKind.Object, "an object: { … }") ? reader.Read(root!) : new GateFile();
    }

    private GateFile Read(JsonValue root)
    {
        ObjectReader members = new(root, _problems);
        GateFile file = new()
        {
            Listen = ReadListeners(members.Take("listen")),
            Public = _values.Boolean(members.Take("public")),
            Upstream = _values.Text(members.Take("upstream"), "127.0.0.1:11434"),
            Allow = _values.Strings(members.Take("allow"), "@seed"),
            From = _values.Strings(members.Take("from"), "100.64.0.0/10"),
            Hosts = _values.Strings(members.Take("hosts"), "ollama.example.com"),
            Host = _values.Text(members.Take("host"), "rewrite"),
            ContentOnGet = _values.Text(members.Take("contentOnGet"), "refuse"),
            AccessLog = _values.Text(members.Take("accessLog"), "auto"),
            Backend = _values.Text(members.Take("backend"), "auto"),
            Poll = ReadPoll(members.Take("poll")),
        };
        Dictionary<string, Sourced<double>> numbers = [];
        ReadNumbers(members, "", numbers);
        Sourced<string>? socket = ReadMetrics(members.Take(NumberMember.Metrics), numbers);
        ReadLimits(members.Take(NumberMember.Limits), numbers);
        members.ReportUnknown();
        return file with { MetricsSocket = socket, Numbers = numbers };
    }

    private Sourced<string>? ReadPoll(JsonValue? value) =>
        value?.Kind == JsonKind.Number
            ? new Sourced<string>(value.Text, value.Location)
            : _values.Text(value, PollMember.Auto);

    private Sourced<IReadOnlyList<ListenerSection>>? ReadListeners(JsonValue? value)
    {
        if (value is null)
            return null;
        // A single listener may stand without a list.
        IReadOnlyList<JsonValue> entries = value.Kind == JsonKind.Array ? value.Items : [value];
        IEnumerable<ListenerSection?> listeners = entries.Select(ReadListener);
        return new Sourced<IReadOnlyList<ListenerSection>>([.. listeners.OfType<ListenerSection>()], value.Location);
    }

    private ListenerSection? ReadListener(JsonValue value)
    {
        if (value.Kind == JsonKind.String)
            return new ListenerSection { On = new Sourced<string>(value.Text, value.Location) };
        if (
            !_values.Expect(
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
        Sourced<string>? contentOnGet = _values.Text(members.Take("contentOnGet"), "refuse");
        members.ReportUnknown();
        if (on is null)
            _problems.Add(new Problem(value.Location, "\"on\" is missing; add \"on\": \"tailscale:11434\""));
        return _values.Text(on, "tailscale:11434") is { } address
            ? new ListenerSection
            {
                On = address,
                Allow = allow,
                From = from,
                ContentOnGet = contentOnGet,
            }
            : null;
    }

    private Sourced<string>? ReadMetrics(JsonValue? value, Dictionary<string, Sourced<double>> numbers)
    {
        if (!_values.Expect(value, JsonKind.Object, "an object, such as { \"port\": 9464 }"))
            return null;
        ObjectReader members = new(value!, _problems);
        Sourced<string>? socket = _values.Text(members.Take("socket"), "auto");
        ReadNumbers(members, NumberMember.Metrics, numbers);
        members.ReportUnknown();
        return socket;
    }

    private void ReadLimits(JsonValue? value, Dictionary<string, Sourced<double>> numbers)
    {
        if (!_values.Expect(value, JsonKind.Object, "an object, such as { \"idleSeconds\": 600 }"))
            return;
        ObjectReader members = new(value!, _problems);
        ReadNumbers(members, NumberMember.Limits, numbers);
        members.ReportUnknown();
    }

    private void ReadNumbers(ObjectReader members, string section, Dictionary<string, Sourced<double>> numbers)
    {
        foreach (NumberMember member in NumberMember.All.Where(member => member.Section == section))
        {
            if (_values.Number(members.Take(member.Name), member.Example) is { } number)
                numbers.Add(member.Path, number);
        }
    }
}

/// <summary>Takes the members of one JSON object by name, and reports the members that were not taken.</summary>
internal sealed class ObjectReader(JsonValue value, List<Problem> problems)
{
    // Members of earlier versions, each with its present name.
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["warm"] = "readyConnections",
        ["getContent"] = "contentOnGet",
    };

    private readonly List<string> _known = [];

    /// <summary>The value of a member, or null if it is missing; the first one if it is repeated.</summary>
    public JsonValue? Take(string name)
    {
        _known.Add(name);
        return value.Members.FirstOrDefault(member => member.Name == name)?.Value;
    }

    /// <summary>Reports the members that were not taken, and repeated ones.</summary>
    public void ReportUnknown()
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JsonMember member in value.Members)
        {
            if (!_known.Contains(member.Name))
                problems.Add(new Problem(member.Location, Unknown(member.Name)));
            else if (!seen.Add(member.Name))
                problems.Add(new Problem(member.Location, Repeated(member.Name)));
        }
    }

    private string Unknown(string name) =>
        Renamed.TryGetValue(name, out string? present) && _known.Contains(present)
            ? $"\"{name}\" is now called \"{present}\""
        : NearestName.Of(name, _known) is { } nearest ? $"unknown member \"{name}\"; did you mean \"{nearest}\"?"
        : $"unknown member \"{name}\"; valid members are {string.Join(", ", _known)}";

    private string Repeated(string name)
    {
        int first = value.Members.First(member => member.Name == name).Location.Line;
        return $"\"{name}\" is already set on line {first}; remove one of them";
    }
}

/// <summary>Converts JSON values to the type a member requires. A value of another type is a problem, and counts as
/// not set.</summary>
internal sealed class ValueReader(List<Problem> problems)
{
    /// <param name="value">Null if the member is missing.</param>
    /// <param name="example">A valid value, for the problem's message.</param>
    public Sourced<string>? Text(JsonValue? value, string example) =>
        Expect(value, JsonKind.String, $"a string, such as \"{example}\"")
            ? new Sourced<string>(value!.Text, value.Location)
            : null;

    public Sourced<bool>? Boolean(JsonValue? value) =>
        Expect(value, JsonKind.Boolean, "true or false, without quotation marks")
            ? new Sourced<bool>(value!.Text == "true", value.Location)
            : null;

    public Sourced<double>? Number(JsonValue? value, string example) =>
        Expect(value, JsonKind.Number, $"a number, such as {example}")
            ? new Sourced<double>(
                double.Parse(value!.Text, NumberStyles.Float, CultureInfo.InvariantCulture),
                value.Location
            )
            : null;

    /// <summary>A list of strings, without the items that are not strings.</summary>
    public Sourced<IReadOnlyList<Sourced<string>>>? Strings(JsonValue? value, string example)
    {
        if (!Expect(value, JsonKind.Array, $"a list, such as [\"{example}\"]"))
            return null;
        IEnumerable<Sourced<string>?> texts = value!.Items.Select(item => Text(item, example));
        return new Sourced<IReadOnlyList<Sourced<string>>>([.. texts.OfType<Sourced<string>>()], value.Location);
    }

    /// <summary>Returns whether the value exists and has this type; another type is a problem.</summary>
    /// <param name="value">Null if the member is missing.</param>
    /// <param name="kind">The type the member requires.</param>
    /// <param name="wanted">What to write, for the problem's message.</param>
    public bool Expect(JsonValue? value, JsonKind kind, string wanted)
    {
        if (value is null || value.Kind == kind)
            return value is not null;
        string cure = value.Kind == JsonKind.Null ? $"remove the member, or write {wanted}" : $"write {wanted}";
        problems.Add(new Problem(value.Location, $"{value.KindName} is not allowed here; {cure}"));
        return false;
    }
}
