namespace FastGate.Commands.Install.Haproxy;

/// <summary>A backend that requests are sent to.</summary>
/// <param name="Line">Its <c>use_backend</c> or <c>default_backend</c>; of a <c>listen</c> its heading.</param>
/// <param name="Backend">The name of the backend.</param>
/// <param name="Condition">When; <see cref="Condition.None"/> for everything that is left.</param>
/// <param name="IsRest">It takes what no line before it took.</param>
internal sealed record Target(ConfigLine Line, string Backend, Condition Condition, bool IsRest);
