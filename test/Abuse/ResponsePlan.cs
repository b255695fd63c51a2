using System.Globalization;

namespace FastGate.Test.Abuse;

/// <summary>How a <see cref="TaggingUpstream"/> is to answer a request: told in the query, which a gate passes as it
/// is.</summary>
/// <param name="Id">The request's own name; it comes back in the content.</param>
/// <param name="Form">How the answer is framed.</param>
/// <param name="Bytes">The least length of its content.</param>
/// <param name="Step">Bytes of content in a chunk, and in a send.</param>
internal sealed record ResponsePlan(long Id, ResponseFraming Form, int Bytes, int Step)
{
    public static ResponsePlan Of(string target)
    {
        string[] parts = target[(target.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('.');
        return new ResponsePlan(
            Number(parts[0]),
            Enum.Parse<ResponseFraming>(parts[1]),
            (int)Number(parts[2]),
            (int)Number(parts[3])
        );
    }

    public override string ToString() => $"{Id}.{Form}.{Bytes}.{Step}";

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
