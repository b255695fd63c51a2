namespace FastGate.Proxy.Wire;

/// <summary>What <see cref="FieldLineScanner"/> found next.</summary>
internal enum FieldResult
{
    Partial,

    /// <summary>A whole field line, CRLF included.</summary>
    Field,

    /// <summary>The empty line that ends the head.</summary>
    End,
    Invalid,
}
