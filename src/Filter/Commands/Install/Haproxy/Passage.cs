namespace FastGate.Commands.Install.Haproxy;

/// <summary>What becomes of a request.</summary>
/// <param name="Reaches">Whether it reaches the backend that was asked about.</param>
/// <param name="Guards">The lines that decide by what is unknown here, such as a password.</param>
/// <param name="By">The line that refuses it, or sends it on.</param>
internal sealed record Passage(Truth Reaches, IReadOnlyList<ConfigLine> Guards, ConfigLine? By = null)
{
    public static Passage Refused(ConfigLine? by) => new(Truth.No, [], by);
}
