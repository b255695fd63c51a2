using System.Globalization;
using FastGate.Commands.Shared;

namespace FastGate.Commands.Warm;

/// <summary>How far a pull is: bytes over all layers that are known by now, how fast, and how long still. One thread
/// writes, any reads.</summary>
/// <param name="time">When what came.</param>
internal sealed class PullProgress(TimeProvider time)
{
    // Long enough that the figure can be read, short enough that it is of now.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WindowMin = TimeSpan.FromSeconds(1);

    // A model in GGUF has some five layers, one in safetensors some hundreds; a server can name any number.
    private const int LayersMax = 10_000;

    // One a quarter of a second tells the rate as well as one a line.
    private static readonly TimeSpan SampleGap = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Total, long Completed)> _layers = new(StringComparer.Ordinal);
    private readonly Queue<(long At, long Transferred)> _samples = new();
    private long _transferred;
    private long _sampled;
    private string _status = "";

    public PullFigures Now
    {
        get
        {
            lock (_gate)
                return Figures();
        }
    }

    public void Add(PullLine line)
    {
        lock (_gate)
        {
            _status = line.Status;
            if (line.Digest.Length == 0 || line.Total == 0)
                return;
            long completed = Math.Min(line.Completed, line.Total);
            // What is there when a layer is first told of was pulled earlier, and says nothing about how fast it goes.
            if (_layers.TryGetValue(line.Digest, out (long Total, long Completed) before))
                _transferred += Math.Max(0, completed - before.Completed);
            else if (_layers.Count >= LayersMax)
                return;
            _layers[line.Digest] = (line.Total, completed);
            Sample();
        }
    }

    private void Sample()
    {
        long now = time.GetTimestamp();
        while (
            _samples.TryPeek(out (long At, long Transferred) oldest)
            && _samples.Count > 1
            && time.GetElapsedTime(oldest.At, now) > Window
        )
            _samples.Dequeue();
        if (_samples.Count > 0 && time.GetElapsedTime(_sampled, now) < SampleGap)
            return;
        _samples.Enqueue((now, _transferred));
        _sampled = now;
    }

    private PullFigures Figures()
    {
        long total = _layers.Values.Sum(layer => layer.Total);
        long completed = _layers.Values.Sum(layer => layer.Completed);
        double? rate = null;
        if (
            _samples.TryPeek(out (long At, long Transferred) oldest)
            && time.GetElapsedTime(oldest.At) is var elapsed
            && elapsed >= WindowMin
        )
            rate = (_transferred - oldest.Transferred) / elapsed.TotalSeconds;
        TimeSpan? left =
            rate > 0 && (total - completed) / rate.Value is var seconds && seconds < TimeSpan.FromDays(100).TotalSeconds
                ? TimeSpan.FromSeconds(seconds)
                : null;
        return new PullFigures(_status, completed, total, rate, left);
    }
}

/// <summary>How far a pull is at a moment.</summary>
/// <param name="Status">What Ollama does.</param>
/// <param name="Completed">Bytes that are here.</param>
/// <param name="Total">Of all layers that are known by now; 0 when none is.</param>
/// <param name="Rate">Bytes a second, when that can be said.</param>
/// <param name="Left">Until all of it is here, when that can be said.</param>
internal readonly record struct PullFigures(string Status, long Completed, long Total, double? Rate, TimeSpan? Left)
{
    public double Share => Total == 0 ? 0 : (double)Completed / Total;
}

/// <summary>How far a pull is, in words.</summary>
internal static class PullText
{
    /// <summary>Such as <c>42 %, 2.1 GB of 4.9 GB, 52 MB/s, 53 s left</c>; what cannot be said is left out.</summary>
    public static string Say(PullFigures figures)
    {
        if (figures.Total == 0)
            return TerminalText.Sentence(figures.Status);
        // Ollama verifies and unpacks when all is there.
        if (figures.Completed == figures.Total && !figures.Status.StartsWith("pulling", StringComparison.Ordinal))
            return TerminalText.Sentence(figures.Status);
        string rate = figures.Rate is { } perSecond ? $", {Amount.Bytes((long)perSecond)}/s" : "";
        string left =
            figures.Left is { } time && figures.Completed < figures.Total ? $", {Amount.Time(time)} left" : "";
        return $"{Percent(figures)}, {Amount.Bytes(figures.Completed)} of {Amount.Bytes(figures.Total)}{rate}{left}";
    }

    /// <summary>Rounded down: 100 % is all of it.</summary>
    public static string Percent(PullFigures figures) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(figures.Share * 100):0} %");
}
