namespace FastGate.Test.Bypass;

/// <summary>
/// A request as Ollama must see it: method and target as sent, content without its framing (Latin-1).
/// </summary>
internal sealed record PlainRequest(string Method, string Target, string Content = "");
