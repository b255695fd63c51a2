namespace FastGate.Proxy.Rules;

/// <summary>A line of an <c>allow</c> list that is neither a rule nor the name of a profile.</summary>
/// <param name="Line">The index of the line, from 0.</param>
/// <param name="Error">What is wrong with it.</param>
internal readonly record struct AllowProblem(int Line, RuleError Error);
