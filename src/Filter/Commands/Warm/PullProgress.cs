using System.Globalization;
using FastGate.Commands.Shared;

namespace FastGate.Commands.Warm;

/// <summary>Progress of a pull: bytes over all layers known so far, rate and remaining time. One thread writes, any
/// thread reads.</summary>
/// <param name="time">The clock of the rate.</param>
internal sealed class PullProgress(TimeProvider time)
{
    // Long enough for a steady figure, short enough for a current one.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WindowMin = TimeSpan.FromSeconds(1);

    // A GGUF model has about five layers, a safetensors model a few hundred; a server could name any number.
    private const int LayersMax = 10_000;

    // Four samples per second give the same rate as one per line.
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
            // Bytes present when a layer first appears were pulled earlier, so they do not count for the rate.
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

/// <summary>Progress of a pull at one moment.</summary>
/// <param name="Status">The current step.</param>
/// <param name="Completed">Bytes pulled.</param>
/// <param name="Total">Bytes of all layers known so far; 0 when none is.</param>
/// <param name="Rate">Bytes per second, if known.</param>
/// <param name="Left">Remaining time, if known.</param>
internal readonly record struct PullFigures(string Status, long Completed, long Total, double? Rate, TimeSpan? Left)
{
    public double Share => Total == 0 ? 0 : (double)Completed / Total;
}

/// <summary>Formats the progress of a pull.</summary>
internal static class PullText
{
    /// <summary>Such as <c>42 %, 2.1 GB of 4.9 GB, 52 MB/s, 53 s left</c>; unknown parts are omitted.</summary>
    public static string Of(PullFigures figures)
    {
        if (figures.Total == 0)
            return TerminalText.Sentence(figures.Status);
        // After the last byte Ollama verifies and unpacks.
        if (figures.Completed == figures.Total && !figures.Status.StartsWith("pulling", StringComparison.Ordinal))
            return TerminalText.Sentence(figures.Status);
        string rate = figures.Rate is { } perSecond ? $", {TextFormat.Bytes((long)perSecond)}/s" : "";
        string left =
            figures.Left is { } time && figures.Completed < figures.Total ? $", {TextFormat.Duration(time)} left" : "";
        string amount = $"{TextFormat.Bytes(figures.Completed)} of {TextFormat.Bytes(figures.Total)}";
        return $"{Percent(figures)}, {amount}{rate}{left}";
    }

    /// <summary>Rounds down, so that 100 % means complete.</summary>
    public static string Percent(PullFigures figures) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(figures.Share * 100):0} %");
}
