using System.Diagnostics;
using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Commands.Doctor;

/// <summary>Sends the requests and runs the commands of one check, and records each for <c>--verbose</c>.</summary>
internal sealed class CheckProbe : ICommandRunner
{
    private const int ResponseLengthMax = 400;

    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(10);

    private readonly IProbe _probe;
    private readonly ICommandRunner _runner;
    private readonly CancellationToken _callerToken;
    private readonly CancellationToken _cancellationToken;
    private readonly List<ExchangeNote> _notes;

    /// <param name="probe">Sends requests.</param>
    /// <param name="runner">Runs the system's programs.</param>
    /// <param name="callerToken">Canceled when the user stops doctor.</param>
    public CheckProbe(IProbe probe, ICommandRunner runner, CancellationToken callerToken)
        : this(probe, runner, [], callerToken, callerToken) { }

    private CheckProbe(
        IProbe probe,
        ICommandRunner runner,
        List<ExchangeNote> notes,
        CancellationToken callerToken,
        CancellationToken cancellationToken
    )
    {
        (_probe, _runner, _notes) = (probe, runner, notes);
        (_callerToken, _cancellationToken) = (callerToken, cancellationToken);
    }

    public IReadOnlyList<ExchangeNote> Notes => _notes;

    public CancellationToken CancellationToken => _cancellationToken;

    /// <summary>The same probe without the time limit of the check.</summary>
    public CheckProbe WithoutTimeout() => new(_probe, _runner, _notes, _callerToken, _callerToken);

    /// <summary>Runs a part of a check with its own time limit.</summary>
    /// <param name="timeout">The limit.</param>
    /// <param name="runAsync">Receives a probe whose requests are canceled at the limit.</param>
    /// <param name="onTimeout">Returns the result if the limit is reached.</param>
    /// <exception cref="OperationCanceledException">The user stopped doctor.</exception>
    public async Task<T> WithinAsync<T>(TimeSpan timeout, Func<CheckProbe, Task<T>> runAsync, Func<T> onTimeout)
    {
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(_callerToken);
        limited.CancelAfter(timeout);
        try
        {
            return await runAsync(new CheckProbe(_probe, _runner, _notes, _callerToken, limited.Token));
        }
        catch (OperationCanceledException) when (!_callerToken.IsCancellationRequested)
        {
            return onTimeout();
        }
    }

    /// <summary>Sends a request and does not record it: for the many requests of a measurement.</summary>
    public Task<ProbeResponse> SendUnrecordedAsync(ProbeTarget target, string method, string path) =>
        _probe.SendAsync(target, method, path, null, _cancellationToken);

    public async Task<ProbeResponse> SendAsync(ProbeTarget target, string method, string path, string? json = null)
    {
        ProbeResponse response = await _probe.SendAsync(target, method, path, json, _cancellationToken);
        Note($"{RequestLine(target, method, path)}{(json is null ? "" : $" {json}")}", TextOf(response), response.Took);
        return response;
    }

    public async Task<ProbeStream> StreamAsync(ProbeTarget target, string path, string json)
    {
        ProbeStream stream = await _probe.StreamAsync(target, path, json, _cancellationToken);
        string events = stream.Events.Count == 0 ? "" : $" [{stream.Events.Count} events in {stream.Arrivals} reads]";
        Note($"{RequestLine(target, "POST", path)} {json}", TextOf(stream.Response) + events, stream.Response.Took);
        return stream;
    }

    /// <summary>Sends bytes unchanged.</summary>
    public async Task<ProbeResponse> SendRawAsync(ProbeTarget target, string bytes)
    {
        ProbeResponse response = await _probe.SendRawAsync(target, bytes, _cancellationToken);
        string shown = bytes
            .Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        Note($"{target} {shown}", TextOf(response), response.Took);
        return response;
    }

    public string? Find(string program) => _runner.Find(program);

    /// <summary>Runs one of the system's programs, with arguments that change nothing.</summary>
    public Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        RunAsync(program, arguments, CommandTimeout);

    // Callers set longer limits for commands that change something; a check runs none.
    public async Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        CommandResult result = await _runner.RunAsync(
            program,
            arguments,
            timeout < CommandTimeout ? timeout : CommandTimeout
        );
        Note(
            $"{program} {string.Join(' ', arguments)}",
            result.Succeeded ? result.Output : $"exit code {result.ExitCode}: {result.Description}",
            Stopwatch.GetElapsedTime(start)
        );
        return result;
    }

    public void Note(string sent, string received, TimeSpan took) =>
        _notes.Add(new ExchangeNote(sent, ResponseText.OneLine(received, ResponseLengthMax), took));

    private static string RequestLine(ProbeTarget target, string method, string path) =>
        $"{method} {path} at {target}{(target.Host == target.EndPoint.ToString() ? "" : $" (Host: {target.Host})")}";

    private static string TextOf(ProbeResponse response) =>
        response.Status == 0 ? response.Problem : $"{response.Status} {response.Content}";
}

/// <summary>A request or a command that a check made, and its outcome.</summary>
/// <param name="Sent">The request with its address, or the command line.</param>
/// <param name="Received">The response or the output, shortened for people.</param>
/// <param name="Took">From the first byte sent to the last received.</param>
internal sealed record ExchangeNote(string Sent, string Received, TimeSpan Took);
