namespace FastGate.Commands.Doctor;

/// <summary>A check that was made.</summary>
internal sealed record CheckResult(DoctorCheck Check, Finding Finding, TimeSpan Took, IReadOnlyList<ExchangeNote> Exchanges);
