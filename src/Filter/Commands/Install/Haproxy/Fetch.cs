namespace FastGate.Commands.Install.Haproxy;

/// <summary>
/// A sample expression: a fetch with its argument, and converters behind it (<c>req.hdr(host),field(1,:),lower</c>).
/// </summary>
/// <param name="Name">In lower case, without <c>req.</c> before header names.</param>
/// <param name="Argument">What stands in its parentheses.</param>
/// <param name="Converters">What is done to the value, each with its argument.</param>
internal sealed record Fetch(string Name, string Argument, IReadOnlyList<string> Converters)
{
    /// <summary>Headers that no client of Ollama's sends; proxies look at them to find WebSockets and
    /// upgrades.</summary>
    private static readonly string[] NeverSent =
    [
        "upgrade",
        "connection",
        "sec-websocket-key",
        "sec-websocket-version",
        "expect",
        "transfer-encoding",
    ];

    /// <summary>Counts of load: for an ordinary request nothing has been counted yet, so that no limit is
    /// reached.</summary>
    private static readonly string[] LoadCounters =
    [
        "sc_",
        "sc0_",
        "sc1_",
        "sc2_",
        "src_",
        "be_conn",
        "fe_conn",
        "be_sess",
        "fe_sess",
        "be_queue",
        "queue",
        "srv_conn",
        "srv_queue",
        "avg_queue",
        "table_",
        "fe_req_rate",
        "be_req_rate",
        "fc_rcvd",
        "req.body_size",
        "req.len",
    ];

    public bool IsHost =>
        (Name == "hdr" && Argument.Split(',')[0].Equals("host", StringComparison.OrdinalIgnoreCase)) || Name == "base";

    /// <summary>It counts requests, connections or bytes: a limit, and not a question of who asks for what.</summary>
    public bool IsLoad => LoadCounters.Any(prefix => Name.StartsWith(prefix, StringComparison.Ordinal));

    public static Fetch Parse(string text)
    {
        List<string> parts = SplitOutsideParentheses(text);
        (string name, string argument) = Call(parts[0]);
        name = name.ToLowerInvariant();
        if (name is "req.hdr" or "req.fhdr" or "fhdr" or "hdr")
            name = "hdr";
        return new Fetch(name, argument, parts[1..]);
    }

    /// <summary>The value in a request.</summary>
    public Sample Of(SampleRequest request)
    {
        Sample sample = Raw(request);
        foreach (string converter in Converters)
            sample = Convert(sample, converter);
        return sample;
    }

    private Sample Raw(SampleRequest request) =>
        Name switch
        {
            "path" or "pathq" or "url" or "uri" => Sample.Of(request.Path),
            "method" => Sample.Of(request.Method),
            "base" => request.Host is null || request.Path is null
                ? Sample.Unknown
                : Sample.Of(request.Host + request.Path),
            "hdr" when IsHost => Sample.Of(request.Host ?? ""),
            "hdr" when NeverSent.Contains(Argument.Split(',')[0].ToLowerInvariant()) => Sample.Absent,
            "query" => Sample.Absent,
            "req.ver" or "req_ver" => Sample.Of("1.1"),
            "ssl_fc" => Sample.Of(request.IsTls),
            "dst_port" or "fe_port" when request.Port > 0 => Sample.Of(request.Port),
            "always_true" or "wait_end" or "req_proto_http" or "req.proto_http" => Sample.Of(true),
            "always_false" => Sample.Of(false),
            // Servers that are up: as many as anybody asks for.
            "nbsrv" or "connslots" => Sample.Of(int.MaxValue),
            "srv_is_up" => Sample.Of(true),
            "var" => request.Variables.TryGetValue(Argument.Split(',')[0], out Sample kept) ? kept : Sample.Unknown,
            "str" => Sample.Of(Argument),
            _ when IsLoad => Sample.Of(0),
            _ => Sample.Unknown,
        };

    private static Sample Convert(Sample sample, string converter)
    {
        (string name, string argument) = Call(converter);
        if (sample is not { IsKnown: true, Text: { } text })
            return sample.Number is null ? sample : Sample.Unknown;
        return name switch
        {
            "lower" => Sample.Of(text.ToLowerInvariant()),
            "upper" => Sample.Of(text.ToUpperInvariant()),
            // The host is kept without its port already; a path has no percent signs here.
            "host_only" or "field(1,:)" or "url_dec" => sample,
            "field" when argument is "1,:" => Sample.Of(text.Split(':')[0]),
            "field" when argument is "1,?" or "1,#" => sample,
            "length" => Sample.Of(text.Length),
            _ => Sample.Unknown,
        };
    }

    /// <summary>A name and what stands in the parentheses behind it.</summary>
    private static (string Name, string Argument) Call(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        return open < 0 ? (text, "") : (text[..open], text[(open + 1)..].TrimEnd(')'));
    }

    private static List<string> SplitOutsideParentheses(string text)
    {
        List<string> parts = [];
        int depth = 0;
        int start = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '(')
                depth++;
            else if (text[at] == ')')
                depth--;
            else if (text[at] == ',' && depth == 0)
            {
                parts.Add(text[start..at]);
                start = at + 1;
            }
        }
        parts.Add(text[start..]);
        return parts;
    }
}

/// <summary>What a fetch such as <c>path</c> or <c>hdr(host)</c> finds in a request.</summary>
/// <param name="IsKnown">Its value can be told from here.</param>
/// <param name="Text">Null if the request has no such thing.</param>
/// <param name="Number">For counts and for what is true or false.</param>
internal readonly record struct Sample(bool IsKnown, string? Text = null, long? Number = null)
{
    public static Sample Unknown => default;

    /// <summary>The request has no such thing.</summary>
    public static Sample Absent => new(true);

    public static Sample Of(string? text) => text is null ? Unknown : new Sample(true, text);

    public static Sample Of(long number) => new(true, null, number);

    public static Sample Of(bool value) => new(true, null, value ? 1 : 0);
}

/// <summary>A request that is followed through a configuration.</summary>
/// <param name="Method">GET, POST, ….</param>
/// <param name="Path">Null once HAProxy has rewritten it.</param>
/// <param name="Host">The name that the client used, in lower case and without a port; null for one that no line
/// names.</param>
internal sealed record SampleRequest(string Method, string? Path, string? Host)
{
    public bool IsTls { get; init; }

    /// <summary>The port where it comes in; 0 if that is unknown.</summary>
    public int Port { get; init; }

    /// <summary>What <c>set-var</c> has kept, by name.</summary>
    public IReadOnlyDictionary<string, Sample> Variables { get; init; } = new Dictionary<string, Sample>();
}
