namespace FastGate.Commands.Demo;

/// <summary>How one API writes the answer to a chat, whole or as a stream of events.</summary>
internal interface IChatFormat
{
    /// <summary>What a client gets that does not say whether it wants a stream.</summary>
    bool StreamsByDefault { get; }

    /// <summary>The Content-Type of a stream.</summary>
    string StreamType { get; }

    /// <param name="model">The model's name, escaped for JSON.</param>
    /// <param name="at">When the answer began.</param>
    string Whole(string model, DateTimeOffset at);

    /// <summary>The events of a stream, each with what ends it; the sender puts the time of sending into their
    /// JSON.</summary>
    /// <param name="model">The model's name, escaped for JSON.</param>
    /// <param name="at">When the answer began.</param>
    IReadOnlyList<string> Events(string model, DateTimeOffset at);
}
