using System.Text;

namespace FastGate.Proxy.Rules;

/// <summary>The sentence for one known request.</summary>
/// <param name="kind">What is known of it.</param>
/// <param name="rule">The request.</param>
/// <param name="sentence">What to do, as a clause without a full stop.</param>
/// <param name="name">The profile that opens it, or the beginning of the path that it lacks.</param>
internal sealed class Cure(CureKind kind, Rule rule, string sentence, string? name = null)
{
    private readonly byte[] _sentence = Encoding.ASCII.GetBytes(sentence);
    private readonly byte[] _name = Encoding.ASCII.GetBytes(name ?? "");

    public CureKind Kind => kind;

    public Rule Rule => rule;

    public ReadOnlySpan<byte> Sentence => _sentence;

    /// <summary>The profile that opens it, or the beginning of the path that it lacks; empty if there is
    /// none.</summary>
    public ReadOnlySpan<byte> Name => _name;
}
