namespace FastGate.Proxy.Wire;

/// <summary>Where one field line lies in the bytes of its head.</summary>
internal readonly struct FieldLine(int start, int nameLength, int end)
{
    public int NameLength => nameLength;

    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> bytes) => bytes.Slice(start, nameLength);

    /// <summary>Without the optional white space around it (RFC 9112 §5.1).</summary>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> bytes) => Value(bytes, out _);

    /// <inheritdoc cref="Value(ReadOnlySpan{byte})"/>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> bytes, out int valueStart)
    {
        int first = start + nameLength + 1;
        int last = end;
        while (first < last && IsBlank(bytes[first]))
            first++;
        while (last > first && IsBlank(bytes[last - 1]))
            last--;
        valueStart = first;
        return bytes[first..last];
    }

    /// <summary>
    /// The value of a field that frames a message: HTAB before it and spaces around it are no part of it. HTAB behind
    /// it stays and makes it malformed: Go drops it, Node answers 400.
    /// </summary>
    public ReadOnlySpan<byte> FramingValue(ReadOnlySpan<byte> bytes)
    {
        int first = start + nameLength + 1;
        int last = end;
        while (first < last && IsBlank(bytes[first]))
            first++;
        while (last > first && bytes[last - 1] == WireBytes.Space)
            last--;
        return bytes[first..last];
    }

    private static bool IsBlank(byte value) => value == WireBytes.Space || value == WireBytes.Tab;
}
