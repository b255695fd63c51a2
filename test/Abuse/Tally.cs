using System.Collections.Concurrent;
using System.Diagnostics;

namespace FastGate.Test.Abuse;

/// <summary>Counts the outcomes of all clients. Thread-safe.</summary>
internal sealed class Tally
{
    private const int FaultsMax = 30;

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<string> _faults = [];
    private long _ids;
    private long _correct;
    private long _interrupted;
    private long _lost;
    private long _crossed;
    private long _altered;
    private long _refused;
    private long _aborted;

    /// <summary>Correct responses, including refusals.</summary>
    public long Correct => Interlocked.Read(ref _correct);

    /// <summary>The refusals among them.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Exchanges interrupted while the upstream restarted.</summary>
    public long Interrupted => Interlocked.Read(ref _interrupted);

    /// <summary>Connections that the client aborted.</summary>
    public long Aborted => Interlocked.Read(ref _aborted);

    /// <summary>Exchanges that ended without a response, without a restart of the upstream.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public long Crossed => Interlocked.Read(ref _crossed);

    public long Altered => Interlocked.Read(ref _altered);

    public bool IsClean => Lost + Crossed + Altered == 0;

    /// <summary>The first fault, for assertion messages.</summary>
    public string? FirstFault => Faults.FirstOrDefault();

    /// <summary>The first few faults.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Returns a unique request id.</summary>
    public long NextId() => Interlocked.Increment(ref _ids);

    public void CountAbort() => Interlocked.Increment(ref _aborted);

    /// <param name="request">The request.</param>
    /// <param name="outcome">Its outcome.</param>
    /// <param name="excused">Whether the upstream restarted meanwhile.</param>
    /// <param name="detail">What arrived instead of the correct response.</param>
    public void Count(CheckedRequest request, ExchangeOutcome outcome, bool excused, string detail)
    {
        if (outcome == ExchangeOutcome.Correct)
        {
            Interlocked.Increment(ref _correct);
            if (request.Status != 200)
                Interlocked.Increment(ref _refused);
            return;
        }
        if (outcome == ExchangeOutcome.Interrupted && excused)
        {
            Interlocked.Increment(ref _interrupted);
            return;
        }
        Interlocked.Increment(ref FieldOf(outcome));
        if (_faults.Count >= FaultsMax)
            return;
        _faults.Enqueue(
            $"{Stopwatch.GetElapsedTime(_began).TotalSeconds:F1} "
                + $"s: {outcome}: {request.Method} {request.Path}?{request.Plan}: {detail}"
        );
    }

    public override string ToString() =>
        $"{Correct} exchanges ({Refused} refused), {Lost} lost, {Crossed} crossed, {Altered} altered, "
        + $"{Aborted} aborted by clients, {Interrupted} interrupted by a restarting upstream";

    private ref long FieldOf(ExchangeOutcome outcome)
    {
        if (outcome == ExchangeOutcome.Interrupted)
            return ref _lost;
        return ref outcome == ExchangeOutcome.Crossed ? ref _crossed : ref _altered;
    }
}
