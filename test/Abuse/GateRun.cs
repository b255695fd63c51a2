using System.Diagnostics;
using System.Globalization;
using System.Net;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>The real program with its own config file, in a process whose memory and descriptors can be read.</summary>
internal sealed class GateRun : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fastgate-").FullName;
    private readonly GateProcess _process;

    private GateRun(IPEndPoint upstream, string config, string[] more)
    {
        Endpoint = new IPEndPoint(IPAddress.Loopback, Ports.Free());
        Write(config);
        _process = GateProcess.Start([
            "--config",
            ConfigFile,
            "--listen",
            Endpoint.ToString(),
            "--upstream",
            upstream.ToString(),
            "--access-log",
            Path.Combine(_directory, "access.log"),
            .. more,
        ]);
        _process.WaitFor("Upstream: ");
    }

    public IPEndPoint Endpoint { get; }

    public GateProcess Process => _process;

    private string ConfigFile => Path.Combine(_directory, "fastgate.json");

    /// <summary>Returns once the gate accepts connections.</summary>
    public static GateRun Start(IPEndPoint upstream, string config = "{}", params string[] more) =>
        new(upstream, config, more);

    /// <summary>Replaces the config as editors do, by renaming a new file over it.</summary>
    public void Write(string config)
    {
        string other = $"{ConfigFile}.new";
        File.WriteAllText(other, config);
        File.Move(other, ConfigFile, overwrite: true);
    }

    /// <summary>Loads a config by SIGHUP, and waits until the gate logs <paramref name="message"/>.</summary>
    public void Reload(string config, string message)
    {
        Write(config);
        _process.Signal("HUP");
        _process.WaitFor(message);
    }

    public ProcessFigures Figures() => ProcessFigures.Of(_process.Id);

    /// <summary>
    /// Waits until at most this many descriptors are open, so that every finished connection is closed.
    /// </summary>
    public Task SettleAsync(int descriptors) =>
        Until.HoldsAsync(
            () => Figures().Descriptors <= descriptors,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the gate has {descriptors} descriptors or fewer, not {Figures().Descriptors}"
            )
        );

    /// <summary>
    /// Reads the figures once the number of descriptors has been stable for <paramref name="quiet"/>.
    /// </summary>
    public async Task<ProcessFigures> QuietFiguresAsync(TimeSpan quiet)
    {
        ProcessFigures last = Figures();
        long since = Stopwatch.GetTimestamp();
        await Until.HoldsAsync(
            () =>
            {
                ProcessFigures now = Figures();
                if (now.Descriptors != last.Descriptors)
                    since = Stopwatch.GetTimestamp();
                last = now;
                return Task.FromResult(Stopwatch.GetElapsedTime(since) > quiet);
            },
            "the number of the gate's descriptors is stable",
            4 * quiet + StepDeadline.Longest
        );
        return last;
    }

    public void Dispose()
    {
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
