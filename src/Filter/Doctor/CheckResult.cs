namespace FastGate.Doctor;

/// <summary>A check that was made.</summary>
internal sealed record CheckResult(Check Check, Finding Finding, TimeSpan Took, IReadOnlyList<ExchangeNote> Exchanges);
