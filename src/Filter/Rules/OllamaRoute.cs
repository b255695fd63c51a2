namespace FastGate.Rules;

/// <summary>One route of Ollama's server.</summary>
/// <param name="Rule">Its methods and path, as a rule that would open it.</param>
/// <param name="IsManagement">It changes or uploads models or keys, uses the account, or shows the process's memory.</param>
/// <param name="IsForAnyMethod">The server does not look at the method.</param>
internal sealed record OllamaRoute(Rule Rule, bool IsManagement, bool IsForAnyMethod = false);
