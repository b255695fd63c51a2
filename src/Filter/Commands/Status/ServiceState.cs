namespace FastGate.Commands.Status;

/// <summary>Whether the system keeps a gate running, in words.</summary>
/// <param name="Name">The agent or unit; null when none is installed.</param>
/// <param name="State">Such as <c>running, process 812</c>.</param>
/// <param name="IsWell">It runs.</param>
/// <param name="Cure">What to do when no gate answers.</param>
internal sealed record ServiceState(string? Name, string State, bool IsWell, string Cure)
{
    public static ServiceState None { get; } =
        new(
            null,
            "nobody: it was started by hand",
            IsWell: true,
            "Start one with: fastgate run. To have the system keep it: fastgate install"
        );

    public string Description => Name is null ? State : $"{Name}: {State}";
}
