namespace FastGate.Proxy.Wire;

/// <summary>The facts of one refusal and the sentences made of them. The spans are only read while it is
/// written.</summary>
internal readonly ref struct Refusal
{
    public required RefusalKind Kind { get; init; }
    public HeadFault Fault { get; init; }

    /// <summary>The limit that a head exceeded, for <see cref="HeadFault.HeadTooLarge"/>.</summary>
    public int HeadBytesMax { get; init; }

    public ReadOnlySpan<byte> Method { get; init; }
    public ReadOnlySpan<byte> Path { get; init; }
    public ReadOnlySpan<byte> Host { get; init; }
    public ReadOnlySpan<byte> Upstream { get; init; }
    public ReadOnlySpan<byte> Cure { get; init; }

    /// <summary>Writes the sentence for people: who refused, what, why, and what to do.</summary>
    public void WriteSentence(ref SentenceWriter to)
    {
        switch (Kind)
        {
            case RefusalKind.Policy:
                WriteSubject(ref to, "FastGate refused "u8);
                to.Add(": it is not on the allowlist; "u8);
                to.Add(Cure.IsEmpty ? "to allow it, add it to \"allow\" in fastgate.json"u8 : Cure);
                to.Add("."u8);
                break;
            case RefusalKind.Host:
                WriteSubject(ref to, "FastGate refused "u8);
                to.Add(": "u8);
                WriteHost(ref to);
                to.Add("."u8);
                break;
            case RefusalKind.Upgrade:
                WriteSubject(ref to, "FastGate refused "u8);
                to.Add(": "u8);
                WriteUpgrade(ref to);
                to.Add("."u8);
                break;
            case RefusalKind.Fault:
                to.Add("FastGate refused this request"u8);
                if (!Path.IsEmpty)
                {
                    to.Add(" for "u8);
                    to.AddEcho(Path);
                }

                to.Add(": "u8);
                WriteFault(ref to);
                to.Add("."u8);
                break;
            default:
                WriteFailure(ref to);
                to.Add("."u8);
                break;
        }
    }

    /// <summary>
    /// Writes the reason phrase of the status line, the only part of a response that many clients show. What matters
    /// most comes first, because the phrase is cut at <see cref="WireLimits.ReasonBytesMax"/>.
    /// </summary>
    public void WriteReason(ref SentenceWriter to)
    {
        if (Kind is RefusalKind.Policy or RefusalKind.Host or RefusalKind.Upgrade or RefusalKind.Fault)
            to.Add("Refused by FastGate: "u8);
        switch (Kind)
        {
            case RefusalKind.Policy:
                to.AddEcho(Method, WireLimits.ReasonEchoBytesMax);
                to.Add(" "u8);
                to.AddEcho(Path, WireLimits.ReasonEchoBytesMax);
                to.Add(" is not on the allowlist"u8);
                if (!Cure.IsEmpty)
                {
                    to.Add("; "u8);
                    to.Add(Cure);
                }

                break;
            case RefusalKind.Host:
                WriteHost(ref to);
                break;
            case RefusalKind.Upgrade:
                WriteUpgrade(ref to);
                break;
            case RefusalKind.Fault:
                WriteFault(ref to);
                break;
            default:
                WriteFailure(ref to);
                break;
        }

        to.End();
    }

    private void WriteHost(ref SentenceWriter to)
    {
        ReadOnlySpan<byte> name = HostGrammar.NameOf(Host);
        to.Add("the host \""u8);
        to.AddEcho(name, HostGrammar.NameBytesMax);
        // Offered only if "hosts" accepts the name.
        if (HostGrammar.IsDomainName(name))
        {
            to.Add("\" is not one of its names; to accept it, add \""u8);
            to.AddEcho(name, HostGrammar.NameBytesMax);
            to.Add("\" to \"hosts\" in fastgate.json"u8);
        }
        else
        {
            to.Add("\" is not a valid host name; correct the client's base URL"u8);
        }
    }

    private void WriteUpgrade(ref SentenceWriter to)
    {
        to.Add("WebSocket connections are not supported; send POST "u8);
        to.AddEcho(Path, WireLimits.ReasonEchoBytesMax);
        to.Add(" over plain HTTP/1.1 instead"u8);
    }

    private void WriteFault(ref SentenceWriter to)
    {
        to.Add(HeadFaultTexts.Of(Fault).SentenceUtf8);
        to.Add(FaultCures.Of(Fault, Path));
        if (Fault != HeadFault.HeadTooLarge)
            return;
        to.Add("; the limit is "u8);
        to.AddNumber(HeadBytesMax);
        to.Add(" bytes (\"limits.headBytesMax\" in fastgate.json)"u8);
    }

    /// <summary>For an allowed request that could not be forwarded, or got no usable response.</summary>
    private void WriteFailure(ref SentenceWriter to)
    {
        switch (Kind)
        {
            case RefusalKind.Unavailable:
                WriteSubject(ref to, "FastGate could not forward "u8);
                to.Add(": Ollama does not answer at "u8);
                to.AddEcho(Upstream);
                to.Add(". Start Ollama (ollama serve) and try again"u8);
                break;
            case RefusalKind.Shortage:
                WriteSubject(ref to, "FastGate could not forward "u8);
                to.Add(": it has no file descriptors left for a connection to Ollama. "u8);
                to.Add(
                    "Raise the limit on open files (ulimit -n), or lower \"limits.connectionsMax\" in fastgate.json"u8
                );
                break;
            case RefusalKind.BadResponse:
                WriteSubject(ref to, "FastGate got no valid response to "u8);
                to.Add(" from Ollama at "u8);
                to.AddEcho(Upstream);
                to.Add(". Look for the cause in Ollama's log (the output of ollama serve)"u8);
                break;
            case RefusalKind.Timeout:
                to.Add("FastGate timed out waiting for the rest of the request"u8);
                break;
        }
    }

    private void WriteSubject(ref SentenceWriter to, ReadOnlySpan<byte> verb)
    {
        to.Add(verb);
        to.AddEcho(Method);
        to.Add(" "u8);
        to.AddEcho(Path);
    }
}

/// <summary>Why the gate sends a response of its own.</summary>
internal enum RefusalKind
{
    Policy,
    Host,
    Upgrade,
    Unavailable,
    Shortage,
    BadResponse,
    Timeout,
    Fault,
}

/// <summary>How to correct a fault of the path, where the path shows its cause.</summary>
internal static class FaultCures
{
    /// <summary>The text that follows the fault's own sentence; empty if there is nothing to add.</summary>
    public static ReadOnlySpan<byte> Of(HeadFault fault, ReadOnlySpan<byte> path) =>
        fault switch
        {
            // Clients join a base URL and "/v1/…" without checking for the slash between them.
            HeadFault.TargetEmptySegment when path.IndexOf("//"u8) >= 0 =>
                "; remove the slash at the end of the client's base URL"u8,
            HeadFault.TargetEmptySegment when path.Length > 1 && path[^1] == '/' =>
                "; remove the slash at the end of the path"u8,
            HeadFault.TargetEncodedSlash when path.StartsWith("/v1/models/"u8) =>
                "; Ollama's GET /v1/models/{model} does not accept a name with a slash: list all models with "u8
                    + "GET /v1/models, or look up one with POST /api/show"u8,
            _ => default,
        };
}
