namespace FastGate.Proxy.Rules;

/// <summary>Composes a cure in the caller's span, and drops what does not fit.</summary>
internal ref struct CureWriter(Span<byte> to)
{
    private readonly Span<byte> _to = to;

    public int Length { get; private set; }

    /// <summary>Separates the next clause from the one before, if any.</summary>
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

    /// <summary>Adds bytes from a client in quotes, without line breaks and terminal control characters.</summary>
    public void AddQuoted(scoped ReadOnlySpan<byte> text)
    {
        Add("\""u8);
        AddSent(text);
        Add("\""u8);
    }

    /// <summary>Adds bytes from a client like <see cref="AddQuoted"/>, but without quotes.</summary>
    public void AddSent(scoped ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
            Add(value is > 0x20 and < 0x7F ? [value] : "?"u8);
    }
}
