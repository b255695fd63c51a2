using FastGate.Proxy.Metrics;

namespace FastGate.Proxy.Gate;

/// <summary>What only a loop's own thread can read, at one moment: taken there, and only when a snapshot is
/// requested.</summary>
internal sealed class LoopState
{
    private readonly int[] _phases = new int[RequestPhases.Count];
    private readonly List<RequestSnapshot> _requests = [];

    /// <summary>Reads the requests in progress. Loop's thread.</summary>
    /// <param name="sessions">All sessions of the loop.</param>
    /// <param name="listeners">The names of the listeners.</param>
    /// <param name="now">A timestamp of the clock.</param>
    public LoopState(IEnumerable<Session> sessions, IReadOnlyList<string> listeners, long now)
    {
        // The first to leave the queue is the youngest.
        PriorityQueue<Session, long> oldest = new();
        foreach (Session session in sessions)
        {
            if (session.RequestBegan is not { } began)
                continue;
            _phases[(int)session.RequestPhase]++;
            if (oldest.Count < InFlightSnapshot.RequestsMax)
                oldest.Enqueue(session, -began);
            else
                oldest.EnqueueDequeue(session, -began);
        }
        while (oldest.TryDequeue(out Session? session, out _))
            _requests.Add(session.DescribeRequest(listeners, now));
    }

    /// <summary>How often which routes were refused.</summary>
    public required IReadOnlyList<RefusedCount> Refused { get; init; }

    /// <summary>Combines the requests of all loops.</summary>
    public static InFlightSnapshot InFlight(IReadOnlyList<LoopState> loops) =>
        new()
        {
            Count = loops.Sum(loop => loop._phases.Sum()),
            Phases =
            [
                .. Enum.GetValues<RequestPhase>()
                    .Select(phase => new NamedCount(
                        RequestPhases.Word(phase),
                        loops.Sum(loop => loop._phases[(int)phase])
                    )),
            ],
            Requests =
            [
                .. loops
                    .SelectMany(loop => loop._requests)
                    .OrderByDescending(request => request.AgeSeconds)
                    .Take(InFlightSnapshot.RequestsMax),
            ],
        };
}
