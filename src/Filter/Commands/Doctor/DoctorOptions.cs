using FastGate.Config;

namespace FastGate.Commands.Doctor;

/// <summary>What of an examination is wanted.</summary>
internal sealed record DoctorOptions
{
    /// <summary>What a person types to run this program.</summary>
    public string Program { get; init; } = "fastgate";

    public bool SkipModelTests { get; init; }

    public bool SkipAnthropicTests { get; init; }

    /// <summary>A gate on another machine; null for the one of this machine's config.</summary>
    public UpstreamName? Target { get; init; }
}
