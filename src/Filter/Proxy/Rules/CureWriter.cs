namespace FastGate.Proxy.Rules;

/// <summary>Puts a cure together in a span that the caller has; what does not fit is dropped.</summary>
internal ref struct CureWriter(Span<byte> to)
{
    private readonly Span<byte> _to = to;

    public int Length { get; private set; }

    /// <summary>Begins a further clause, unless it is the first.</summary>
    public void Next()
    {
        if (Length > 0)
            Add("; "u8);
    }

    public void Add(scoped ReadOnlySpan<byte> text)
    {
        text = text[..int.Min(text.Length, _to.Length - Length)];
        text.CopyTo(_to[Length..]);
        Length += text.Length;
    }

    /// <summary>A piece of what a client sent, in quotes; nothing of it can end the line or steer a terminal.</summary>
    public void AddQuoted(scoped ReadOnlySpan<byte> text)
    {
        Add("\""u8);
        AddSent(text);
        Add("\""u8);
    }

    /// <summary>The same without quotes.</summary>
    public void AddSent(scoped ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
            Add(value is > 0x20 and < 0x7F ? [value] : "?"u8);
    }
}
