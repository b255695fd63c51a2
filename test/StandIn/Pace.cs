namespace FastGate.Test.StandIn;

/// <summary>
/// When the stand-in sends each part: after delays or on events that a test releases; also how a complete response is
/// framed.
/// </summary>
internal sealed record Pace
{
    /// <summary>Awaited before the first byte of a response, as long as a prefill or a model load would take.</summary>
    public Func<CancellationToken, Task> BeforeFirstByte { get; init; } = _ => Task.CompletedTask;

    /// <summary>Awaited before each token of a streamed response; gets the token's number, from 0.</summary>
    public Func<int, CancellationToken, Task> BeforeToken { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Awaited between the two halves of a whole response; null to send it in one piece.</summary>
    public Func<CancellationToken, Task>? BeforeSecondHalf { get; init; }

    /// <summary>Whether whole responses are chunked instead of framed by their length.</summary>
    public bool ChunkedWhole { get; init; }

    public static Pace Delays(TimeSpan first, TimeSpan between) =>
        new()
        {
            BeforeFirstByte = cancelled => Task.Delay(first, cancelled),
            BeforeToken = (_, cancelled) => Task.Delay(between, cancelled),
        };
}
