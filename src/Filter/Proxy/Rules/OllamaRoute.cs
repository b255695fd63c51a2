namespace FastGate.Proxy.Rules;

/// <summary>One route of Ollama's server, or of llama.cpp's.</summary>
/// <param name="Rule">Its methods and path, as a rule that would open it.</param>
/// <param name="IsManagement">It changes models, keys or the sign-in, reaches out to the web, or shows the
/// process.</param>
/// <param name="IsForAnyMethod">The server does not look at the method.</param>
internal sealed record OllamaRoute(Rule Rule, bool IsManagement, bool IsForAnyMethod = false);
