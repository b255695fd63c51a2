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
    private static readonly string[] Loads =
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
    public bool IsLoad => Loads.Any(prefix => Name.StartsWith(prefix, StringComparison.Ordinal));

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
    public Sample Of(Probe probe)
    {
        Sample sample = Raw(probe);
        foreach (string converter in Converters)
            sample = Convert(sample, converter);
        return sample;
    }

    private Sample Raw(Probe probe) =>
        Name switch
        {
            "path" or "pathq" or "url" or "uri" => Sample.Of(probe.Path),
            "method" => Sample.Of(probe.Method),
            "base" => probe.Host is null || probe.Path is null ? Sample.Unknown : Sample.Of(probe.Host + probe.Path),
            "hdr" when IsHost => Sample.Of(probe.Host ?? ""),
            "hdr" when NeverSent.Contains(Argument.Split(',')[0].ToLowerInvariant()) => Sample.Absent,
            "query" => Sample.Absent,
            "req.ver" or "req_ver" => Sample.Of("1.1"),
            "ssl_fc" => Sample.Of(probe.IsTls),
            "dst_port" or "fe_port" when probe.Port > 0 => Sample.Of(probe.Port),
            "always_true" or "wait_end" or "req_proto_http" or "req.proto_http" => Sample.Of(true),
            "always_false" => Sample.Of(false),
            // Servers that are up: as many as anybody asks for.
            "nbsrv" or "connslots" => Sample.Of(int.MaxValue),
            "srv_is_up" => Sample.Of(true),
            "var" => probe.Variables.TryGetValue(Argument.Split(',')[0], out Sample kept) ? kept : Sample.Unknown,
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
