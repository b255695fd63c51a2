namespace FastGate.Commands.Doctor;

/// <summary>A streamed answer: its events, and when its pieces arrived.</summary>
/// <param name="Answer">Status and type; the whole content, if it was no stream of events.</param>
/// <param name="Events">In their order.</param>
internal sealed record ProbeStream(ProbeResponse Answer, IReadOnlyList<StreamEvent> Events)
{
    public bool IsStream =>
        Answer.Status == 200 && Answer.ContentType.Contains("event-stream", StringComparison.Ordinal);

    /// <summary>At how many moments something arrived: what one read brought came together.</summary>
    public int Arrivals => Events.Select(each => each.At).Distinct().Count();

    public TimeSpan LargestGap => Gaps.DefaultIfEmpty().Max();

    /// <summary>From the first event to the last.</summary>
    public TimeSpan Span => Events.Count == 0 ? default : Events[^1].At - Events[0].At;

    public TimeSpan FirstAt => Events.Count == 0 ? default : Events[0].At;

    private IEnumerable<TimeSpan> Gaps => Events.Zip(Events.Skip(1), (one, next) => next.At - one.At);
}
