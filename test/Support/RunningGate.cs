using System.Net;

namespace FastGate.Test.Support;

/// <summary>A gate on a loopback port of the system's choice; ends when disposed.</summary>
internal sealed class RunningGate(IPEndPoint endpoint) : IAsyncDisposable
{
    /// <summary>Whether this build has a gate; while it has none, tests go the direct way only.</summary>
    public static bool IsBuilt => false;

    public IPEndPoint Endpoint { get; } = endpoint;

    /// <summary>
    /// Starts a gate before <paramref name="upstream"/> that allows <paramref name="allow"/> (rules and profiles, as in
    /// the config file); returns when it accepts connections.
    /// </summary>
    public static Task<RunningGate> StartAsync(IPEndPoint upstream, Way backend, IReadOnlyList<string> allow)
    {
        Required.Missing($"a gate on {backend} before {upstream} that allows {string.Join(", ", allow)}");
        return Task.FromException<RunningGate>(new NotSupportedException());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
