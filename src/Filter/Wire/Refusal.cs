namespace FastGate.Wire;

/// <summary>What a refusal is about; its method, path, host and cure are only read while it is written.</summary>
internal readonly ref struct Refusal
{
    public required RefusalKind Kind { get; init; }
    public HeadFault Fault { get; init; }
    public ReadOnlySpan<byte> Method { get; init; }
    public ReadOnlySpan<byte> Path { get; init; }
    public ReadOnlySpan<byte> Host { get; init; }
    public ReadOnlySpan<byte> Upstream { get; init; }
    public ReadOnlySpan<byte> Cure { get; init; }

    /// <summary>The sentence that people read: who refused, what, why, and what to do.</summary>
    public void WriteSentence(ref SentenceWriter to)
    {
        switch (Kind)
        {
            case RefusalKind.Policy: WritePolicy(ref to); break;
            case RefusalKind.Host: WriteHost(ref to); break;
            case RefusalKind.Unavailable: WriteUnavailable(ref to); break;
            case RefusalKind.Shortage: WriteShortage(ref to); break;
            case RefusalKind.BadAnswer: WriteBadAnswer(ref to); break;
            case RefusalKind.Timeout:
                to.Add("FastGate gave up waiting for the rest of the request."u8);
                break;
            case RefusalKind.Fault: WriteFault(ref to); break;
        }
    }

    private void WritePolicy(ref SentenceWriter to)
    {
        WriteSubject(ref to, "FastGate refused "u8);
        to.Add(": it is not on the allowlist; "u8);
        to.Add(Cure.IsEmpty ? "to open it, name it in \"allow\" in fastgate.json"u8 : Cure);
        to.Add("."u8);
    }

    private void WriteHost(ref SentenceWriter to)
    {
        WriteSubject(ref to, "FastGate refused "u8);
        to.Add(": the host \""u8);
        to.AddEcho(Host);
        to.Add("\" is not one of its names. To accept it, add \""u8);
        to.AddEcho(Host);
        to.Add("\" to \"hosts\" in fastgate.json."u8);
    }

    private void WriteUnavailable(ref SentenceWriter to)
    {
        WriteSubject(ref to, "FastGate could not pass on "u8);
        to.Add(": Ollama does not answer at "u8);
        to.AddEcho(Upstream);
        to.Add(". Start Ollama (ollama serve) and try again."u8);
    }

    private void WriteShortage(ref SentenceWriter to)
    {
        WriteSubject(ref to, "FastGate could not pass on "u8);
        to.Add(": it has no descriptors left for a connection to Ollama. "u8);
        to.Add("Raise its limit of open files (ulimit -n), or lower \"connections\" in fastgate.json."u8);
    }

    private void WriteBadAnswer(ref SentenceWriter to)
    {
        to.Add("Ollama at "u8);
        to.AddEcho(Upstream);
        to.Add(" gave no answer to "u8);
        WriteSubject(ref to, ""u8);
        to.Add(" that FastGate could pass on. Its log says why (ollama serve)."u8);
    }

    private void WriteFault(ref SentenceWriter to)
    {
        to.Add("FastGate refused this request"u8);
        if (!Path.IsEmpty)
        {
            to.Add(" for "u8);
            to.AddEcho(Path);
        }

        to.Add(": "u8);
        to.Add(HeadFaults.Of(Fault).SentenceUtf8);
        to.Add("."u8);
    }

    private void WriteSubject(ref SentenceWriter to, ReadOnlySpan<byte> verb)
    {
        to.Add(verb);
        to.AddEcho(Method);
        to.Add(" "u8);
        to.AddEcho(Path);
    }
}
