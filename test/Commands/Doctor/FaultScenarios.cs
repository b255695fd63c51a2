namespace FastGate.Test.Commands.Doctor;

/// <summary>One way in which an installation is broken, and what doctor has to report.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="BreakAsync">Starts everything that runs on the machine, broken.</param>
/// <param name="Failures">The checks that have to fail, and no others; each with a part of its fix.</param>
internal sealed record FaultScenario(
    string Name,
    Func<DoctorHarness, Task> BreakAsync,
    params (string Id, string Cure)[] Failures
)
{
    /// <summary>Needs the checks that run a model.</summary>
    public bool WithModels { get; init; }

    /// <summary>A machine whose Tailscale has an address.</summary>
    public bool WithTailscale { get; init; } = true;

    /// <summary>A part of one of the messages.</summary>
    public string Message { get; init; } = "";
}

/// <summary>The ways in which real installations break, as far as a test can reproduce them.</summary>
internal static class FaultScenarios
{
    /// <summary>A healthy machine.</summary>
    public static FaultScenario None { get; } = new("none", harness => harness.StartAsync());

    public static IReadOnlyList<FaultScenario> All { get; } =
    [.. OllamaFaultScenarios.All, .. GateFaultScenarios.All, .. NetworkFaultScenarios.All];
}
