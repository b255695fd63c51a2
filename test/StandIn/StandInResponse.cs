namespace FastGate.Test.StandIn;

/// <summary>A response that a test sets in place of a route's: whole, cut, or any other.</summary>
internal sealed record StandInResponse(Func<Exchange, Task> SendAsync)
{
    public static implicit operator StandInResponse((int Status, string Content) whole) =>
        Whole(whole.Status, "application/json", whole.Content);

    public static StandInResponse Whole(int status, string type, string content) =>
        new(exchange => exchange.WholeAsync(status, type, content));

    /// <summary>Sends the lines, then closes the connection; without lines, before the head of the response.</summary>
    public static StandInResponse Cut(params string[] lines) =>
        new(async exchange =>
        {
            await exchange.StreamAsync(Json.NdJson, lines.Select(line => Json.Line(line)));
            exchange.Abort();
        });
}
