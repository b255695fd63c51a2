namespace FastGate.Proxy.Wire;

/// <summary>Where a sentence is put, and so how its bytes are escaped.</summary>
internal enum TextForm
{
    /// <summary>For a terminal: whatever is not visible becomes a question mark.</summary>
    Plain,

    /// <summary>Inside a JSON string.</summary>
    Json,

    /// <summary>The reason phrase of a status line: visible ASCII and spaces only, all else percent-encoded.</summary>
    Reason,
}
