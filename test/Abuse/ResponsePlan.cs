using System.Globalization;

namespace FastGate.Test.Abuse;

/// <summary>
/// How a <see cref="TaggingUpstream"/> responds to a request. The request carries the plan in its query, which the gate
/// forwards unchanged.
/// </summary>
/// <param name="Id">The request's unique id, echoed in the response content.</param>
/// <param name="Form">How the response is framed.</param>
/// <param name="Bytes">The minimum length of the response content.</param>
/// <param name="Step">Bytes of content per chunk and per send.</param>
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
