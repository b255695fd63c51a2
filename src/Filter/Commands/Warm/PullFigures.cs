namespace FastGate.Commands.Warm;

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
