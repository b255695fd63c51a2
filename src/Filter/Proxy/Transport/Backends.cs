using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Transport;

/// <summary>Chooses the readiness backend: the system's own if it passes its self-check, otherwise the portable one.
/// Any thread.</summary>
internal static partial class Backends
{
    /// <summary>The names that a setting accepts; <c>auto</c> chooses by self-check.</summary>
    public static IReadOnlyList<string> Names { get; } = ["auto", "epoll", "kqueue", "portable"];

    /// <summary>Creates a backend.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="log">Receives a warning about a fallback.</param>
    /// <exception cref="PlatformNotSupportedException">The named backend does not work on this machine.</exception>
    public static IReadiness Create(string name, ILogger log) =>
        name switch
        {
            "portable" => new PortableReadiness(),
            "auto" => CreateBest(log),
            _ => CreateNamed(name, log),
        };

    private static IReadiness CreateBest(ILogger log)
    {
        string name =
            OperatingSystem.IsLinux() ? "epoll"
            : OperatingSystem.IsMacOS() ? "kqueue"
            : "portable";
        if (name == "portable")
            return new PortableReadiness();
        if (TryCreate(name, log, out string problem) is { } backend)
            return backend;
        Log.FellBack(log, name, problem);
        return new PortableReadiness();
    }

    private static IReadiness CreateNamed(string name, ILogger log) =>
        TryCreate(name, log, out string problem)
        ?? throw new PlatformNotSupportedException($"The backend {name} does not work here: {problem}");

    private static IReadiness? TryCreate(string name, ILogger log, out string problem)
    {
        if (name == "epoll")
            return TryCreate(() => new Epoll(), out problem);
        if (TryCreate(() => new Kqueue(), out problem) is { } backend)
            return backend;
        // If only macOS's own socket calls fail, kqueue with .NET's calls is still better than the portable backend.
        backend = TryCreate(() => new Kqueue(new SocketCalls()), out string remaining);
        if (backend is not null)
            Log.OwnCallsFailed(log, problem);
        else
            problem = remaining;
        return backend;
    }

    private static IReadiness? TryCreate(Func<IReadiness> create, out string problem)
    {
        IReadiness? backend = null;
        try
        {
            backend = create();
            problem = ReadinessCheck.Run(backend);
        }
        catch (Exception exception)
            when (exception is DllNotFoundException or EntryPointNotFoundException or IOException or SocketException)
        {
            // The system does not have it, or has no resources left for it.
            problem = SocketErrorText.Of(exception);
        }
        if (problem.Length == 0)
            return backend;
        backend?.Dispose();
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(
            120,
            LogLevel.Warning,
            "The backend {Backend} failed its self-check ({Problem}); using the slower portable backend."
        )]
        public static partial void FellBack(ILogger logger, string backend, string problem);

        [LoggerMessage(
            121,
            LogLevel.Warning,
            "kqueue works, but macOS's own socket calls failed the self-check ({Problem}); the slower "
                + "calls of .NET are used."
        )]
        public static partial void OwnCallsFailed(ILogger logger, string problem);
    }
}
