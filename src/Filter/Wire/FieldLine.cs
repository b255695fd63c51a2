namespace FastGate.Wire;

/// <summary>Where one field line lies in the bytes of its head.</summary>
internal readonly struct FieldLine(int start, int nameLength, int end)
{
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> bytes) => bytes.Slice(start, nameLength);

    /// <summary>Without the optional white space around it (RFC 9112 §5.1).</summary>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> bytes) => Value(bytes, out _);

    /// <inheritdoc cref="Value(ReadOnlySpan{byte})"/>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> bytes, out int valueStart)
    {
        ReadOnlySpan<byte> value = bytes[(start + nameLength + 1)..end].TrimEnd(" \t"u8);
        ReadOnlySpan<byte> trimmed = value.TrimStart(" \t"u8);
        valueStart = start + nameLength + 1 + value.Length - trimmed.Length;
        return trimmed;
    }
}
