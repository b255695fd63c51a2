namespace FastGate.Test.Commands.Doctor;

/// <summary>One way in which an installation is broken, and what doctor has to make of it.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="BreakAsync">Starts all that runs on the machine, broken.</param>
/// <param name="Found">The checks that have to fail, and no others; each with a piece of its cure.</param>
internal sealed record Illness(string Name, Func<Clinic, Task> BreakAsync, params (string Id, string Cure)[] Found)
{
    /// <summary>Needs the stream to be measured.</summary>
    public bool WithModels { get; init; }

    /// <summary>A machine whose Tailscale has an address.</summary>
    public bool WithTailscale { get; init; } = true;

    /// <summary>What one of the sentences has in it.</summary>
    public string Says { get; init; } = "";
}
