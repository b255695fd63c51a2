using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Transport;

/// <summary>Chooses how the loops of this process wait: what the system has, if it proves itself, or the portable
/// way.</summary>
internal static partial class Backends
{
    /// <summary>What a setting may ask for. <c>auto</c> is the choice by self-check.</summary>
    public static IReadOnlyList<string> Names { get; } = ["auto", "epoll", "kqueue", "portable"];

    /// <summary>A fresh backend of the kind that <paramref name="name"/> says.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="log">Where falling back is told.</param>
    /// <exception cref="PlatformNotSupportedException">The backend that was asked for by name does not work
    /// here.</exception>
    public static IReadiness Create(string name, ILogger log) =>
        name switch
        {
            "portable" => CreatePortable(log),
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
        return CreatePortable(log);
    }

    private static PortableReadiness CreatePortable(ILogger log)
    {
        PortableReadiness portable = new();
        if (portable.DescriptorsMax < int.MaxValue)
            Log.Limited(log, portable.DescriptorsMax);
        return portable;
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
        // Waiting and speaking are two things: where only macOS's own calls fail, kqueue is still better than
        // select(2).
        backend = TryCreate(() => new Kqueue(new SocketCalls()), out string still);
        if (backend is not null)
            Log.OwnCallsFailed(log, problem);
        else
            problem = still;
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
        catch (Exception failure)
            when (failure is DllNotFoundException or EntryPointNotFoundException or IOException or SocketException)
        {
            // The system does not have it, or has no room for it.
            problem = SocketErrorText.Of(failure);
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
            "{Backend} did not pass its self-check ({Problem}); the slower portable way of waiting is used."
        )]
        public static partial void FellBack(ILogger logger, string backend, string problem);

        [LoggerMessage(
            121,
            LogLevel.Warning,
            "kqueue works, but macOS's own socket calls failed the self-check ({Problem}); the slower "
                + "calls of .NET are used."
        )]
        public static partial void OwnCallsFailed(ILogger logger, string problem);

        [LoggerMessage(
            122,
            LogLevel.Warning,
            "The portable backend waits with select(2), which is safe for descriptors below {Count} "
                + "only: new connections wait "
                + "while three quarters of them are open."
        )]
        public static partial void Limited(ILogger logger, int count);
    }
}
