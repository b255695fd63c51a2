using System.Collections.Concurrent;
using System.Diagnostics;

namespace FastGate.Test.Abuse;

/// <summary>What all visitors together have seen. Any thread may count.</summary>
internal sealed class Tally
{
    private const int FaultsMax = 30;

    private readonly long began = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<string> faults = [];
    private long ids;
    private long right;
    private long cut;
    private long lost;
    private long crossed;
    private long altered;
    private long refused;
    private long aborted;

    /// <summary>Requests that were answered rightly, refusals too.</summary>
    public long Right => Interlocked.Read(ref right);

    /// <summary>Of these, refusals.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Ended openly while the upstream restarted.</summary>
    public long Cut => Interlocked.Read(ref cut);

    /// <summary>Connections that their client gave up in the middle of something.</summary>
    public long Aborted => Interlocked.Read(ref aborted);

    /// <summary>Ended without an answer, and nothing to excuse it.</summary>
    public long Lost => Interlocked.Read(ref lost);

    public long Crossed => Interlocked.Read(ref crossed);

    public long Altered => Interlocked.Read(ref altered);

    public bool IsClean => Lost + Crossed + Altered == 0;

    /// <summary>The first of the faults, for a person who looks into them.</summary>
    public string? FirstFault => Faults.FirstOrDefault();

    /// <summary>The first few faults.</summary>
    public IReadOnlyCollection<string> Faults => faults;

    /// <summary>The name of a request that no other has.</summary>
    public long NextId() => Interlocked.Increment(ref ids);

    public void CountAbort() => Interlocked.Increment(ref aborted);

    /// <param name="asking">What was asked.</param>
    /// <param name="finding">What came of it.</param>
    /// <param name="excused">Whether the upstream was away meanwhile.</param>
    /// <param name="detail">What was seen instead of the right answer.</param>
    public void Count(Asking asking, Finding finding, bool excused, string detail)
    {
        if (finding == Finding.Right)
        {
            Interlocked.Increment(ref right);
            if (asking.Status != 200) Interlocked.Increment(ref refused);
            return;
        }
        if (finding == Finding.Cut && excused)
        {
            Interlocked.Increment(ref cut);
            return;
        }
        Interlocked.Increment(ref FieldOf(finding));
        if (faults.Count >= FaultsMax) return;
        faults.Enqueue($"{Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s: {finding}: {asking.Method} {asking.Path}?{asking.Plan}: {detail}");
    }

    public override string ToString() =>
        $"{Right} exchanges ({Refused} refused), {Lost} lost, {Crossed} crossed, {Altered} altered, "
        + $"{Aborted} aborted by clients, {Cut} cut by a restarting upstream";

    private ref long FieldOf(Finding finding)
    {
        if (finding == Finding.Cut) return ref lost;
        return ref finding == Finding.Crossed ? ref crossed : ref altered;
    }
}
