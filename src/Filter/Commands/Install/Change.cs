using System.Text.Json.Serialization;

namespace FastGate.Commands.Install;

/// <summary>Something that was done to the machine, with what it takes to undo it.</summary>
internal sealed record Change
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required ChangeKind Kind { get; init; }

    /// <summary>The file or folder; of an agent its property list.</summary>
    public string Path { get; init; } = "";

    /// <summary>Where a file was moved to.</summary>
    public string? Aside { get; init; }

    /// <summary>SHA-256 of what was written.</summary>
    public string? Hash { get; init; }

    /// <summary>The label of an agent, the name of a unit or of a service.</summary>
    public string? Name { get; init; }

    /// <summary>Done to what FastGate had installed before: undone if this run fails, forgotten when it
    /// succeeds.</summary>
    public bool IsPassing { get; init; }
}
