namespace FastGate.Proxy.Wire;

/// <summary>Which API's way of writing errors a client understands.</summary>
internal enum Dialect
{
    Ollama,
    OpenAi,
    Anthropic,
}
