namespace FastGate.Commands.Doctor;

/// <summary>All checks in their order.</summary>
internal static class CheckList
{
    /// <summary>Of an installation on this machine.</summary>
    public static IReadOnlyList<DoctorCheck> Of(DoctorContext patient)
    {
        ServiceChecks service = new(patient);
        IsolationChecks isolation = new(patient);
        return
        [
            .. service.All(),
            .. isolation.OfOllama(),
            .. service.OfListening(),
            .. isolation.All(),
            .. new RefusalChecks(patient).All(),
            .. new HostChecks(patient).All(),
            .. Calls(patient),
            .. new NetworkChecks(patient).All(),
        ];
    }

    /// <summary>Of another machine's gate: what can be seen from a client. What only the machine itself knows is left
    /// out.</summary>
    /// <param name="patient">With a target.</param>
    /// <param name="door">Where it is; null if its name has no address.</param>
    /// <param name="problem">Why it has none.</param>
    public static IReadOnlyList<DoctorCheck> OfTarget(DoctorContext patient, DoctorTarget? door, string problem) =>
        [
            new ServiceChecks(patient).Target(door, problem),
            .. new RefusalChecks(patient).All(),
            .. new HostChecks(patient).All(),
            .. Calls(patient),
        ];

    private static IEnumerable<DoctorCheck> Calls(DoctorContext patient) =>
        [
            .. new OllamaChecks(patient).All(),
            .. new OpenAiChecks(patient).All(),
            .. new AnthropicChecks(patient).All(),
            .. new StreamChecks(patient).All(),
            .. new LatencyChecks(patient).All(),
        ];
}
