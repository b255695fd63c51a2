namespace FastGate.Commands.Install.Haproxy;

/// <summary>A sample expression: a fetch with its argument, followed by converters
/// (<c>req.hdr(host),field(1,:),lower</c>).</summary>
/// <param name="Name">The fetch, in lower case and without <c>req.</c> before header names.</param>
/// <param name="Argument">The text in its parentheses.</param>
/// <param name="Converters">The converters, each with its argument.</param>
internal sealed record Fetch(string Name, string Argument, IReadOnlyList<string> Converters)
{
    /// <summary>Headers that Ollama clients do not send; proxies test them to detect WebSockets and upgrades.</summary>
    private static readonly string[] NeverSent =
    [
        "upgrade",
        "connection",
        "sec-websocket-key",
        "sec-websocket-version",
        "expect",
        "transfer-encoding",
    ];

    /// <summary>Load counters. For an ordinary request they are zero, so no limit is reached.</summary>
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

    /// <summary>Whether it counts requests, connections or bytes: a limit, not a question of who requests
    /// what.</summary>
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

    /// <summary>The value that the expression has for a request.</summary>
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
            // Assume that enough servers are up for any condition.
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
            // The host is already stored without its port; a path has no percent signs here.
            "host_only" or "field(1,:)" or "url_dec" => sample,
            "field" when argument is "1,:" => Sample.Of(text.Split(':')[0]),
            "field" when argument is "1,?" or "1,#" => sample,
            "length" => Sample.Of(text.Length),
            _ => Sample.Unknown,
        };
    }

    /// <summary>Splits a call into its name and the text in its parentheses.</summary>
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

/// <summary>The value that a fetch such as <c>path</c> or <c>hdr(host)</c> has for a request.</summary>
/// <param name="IsKnown">Whether the value is known here.</param>
/// <param name="Text">The text; null if the request has no such value, or it is a number.</param>
/// <param name="Number">The number; 1 or 0 for a boolean.</param>
internal readonly record struct Sample(bool IsKnown, string? Text = null, long? Number = null)
{
    public static Sample Unknown => default;

    /// <summary>A value that the request does not have.</summary>
    public static Sample Absent => new(true);

    public static Sample Of(string? text) => text is null ? Unknown : new Sample(true, text);

    public static Sample Of(long number) => new(true, null, number);

    public static Sample Of(bool value) => new(true, null, value ? 1 : 0);
}

/// <summary>A request that is followed through a configuration.</summary>
/// <param name="Method">GET, POST and so on.</param>
/// <param name="Path">The path; null once HAProxy has rewritten it.</param>
/// <param name="Host">The host name that the client used, in lower case and without a port; null for a name that no
/// line mentions.</param>
internal sealed record SampleRequest(string Method, string? Path, string? Host)
{
    public bool IsTls { get; init; }

    /// <summary>The port that it arrives at; 0 if unknown.</summary>
    public int Port { get; init; }

    /// <summary>The variables that <c>set-var</c> has set, by name.</summary>
    public IReadOnlyDictionary<string, Sample> Variables { get; init; } = new Dictionary<string, Sample>();
}
