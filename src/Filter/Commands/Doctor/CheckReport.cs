namespace FastGate.Commands.Doctor;

/// <summary>A check that was made.</summary>
internal sealed record CheckReport(
    DoctorCheck Check,
    CheckResult Finding,
    TimeSpan Took,
    IReadOnlyList<ExchangeNote> Exchanges
);
