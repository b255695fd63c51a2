using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FastGate.Transport;

/// <summary>Chooses how the loops of this process wait: what the system has, if it proves itself, or the portable way.</summary>
internal static partial class Backends
{
    /// <summary>What a setting may ask for. <c>auto</c> is the choice by self-check.</summary>
    public static IReadOnlyList<string> Names { get; } = ["auto", "epoll", "kqueue", "portable"];

    /// <summary>A fresh backend of the kind that <paramref name="name"/> says.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="log">Where falling back is told.</param>
    /// <exception cref="PlatformNotSupportedException">The backend that was asked for by name does not work here.</exception>
    public static IReadiness Create(string name, ILogger log) => name switch
    {
        "portable" => new PortableReadiness(),
        "auto" => CreateBest(log),
        _ => CreateNamed(name),
    };

    private static IReadiness CreateBest(ILogger log)
    {
        string name = OperatingSystem.IsLinux() ? "epoll" : OperatingSystem.IsMacOS() ? "kqueue" : "portable";
        if (name == "portable") return new PortableReadiness();
        if (TryCreate(name, out string problem) is { } backend) return backend;
        Log.FellBack(log, name, problem);
        return new PortableReadiness();
    }

    private static IReadiness CreateNamed(string name) =>
        TryCreate(name, out string problem)
        ?? throw new PlatformNotSupportedException($"The backend {name} does not work here: {problem}");

    private static IReadiness? TryCreate(string name, out string problem)
    {
        IReadiness? backend = null;
        try
        {
            backend = name == "epoll" ? new Epoll() : new Kqueue();
            problem = ReadinessCheck.Run(backend);
        }
        catch (Exception failure) when (
            failure is DllNotFoundException or EntryPointNotFoundException or IOException or SocketException)
        {
            // The system does not have it, or has no room for it.
            problem = failure.Message;
        }
        if (problem.Length == 0) return backend;
        backend?.Dispose();
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(120, LogLevel.Warning,
            "{Backend} did not pass its self-check ({Problem}); the slower portable way of waiting is used.")]
        public static partial void FellBack(ILogger logger, string backend, string problem);
    }
}
