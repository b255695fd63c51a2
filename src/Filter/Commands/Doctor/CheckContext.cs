using System.Diagnostics;
using FastGate.Launchd;

namespace FastGate.Commands.Doctor;

/// <summary>One check at work: what it asks goes through here, and is written down.</summary>
internal sealed class CheckContext(ProbeClient asker, ICommandRunner runner, CancellationToken cancellationToken)
    : ICommandRunner
{
    private const int HeardLengthMax = 400;

    private static readonly TimeSpan CommandLongest = TimeSpan.FromSeconds(10);

    private readonly List<ExchangeNote> _notes = [];

    public IReadOnlyList<ExchangeNote> Notes => _notes;

    public CancellationToken Stop => cancellationToken;

    /// <summary>Asks and does not write it down: for the many of a measurement.</summary>
    public Task<ProbeResponse> AskQuietlyAsync(DoctorTarget door, string method, string path) =>
        asker.AskAsync(door, method, path, null, cancellationToken);

    public async Task<ProbeResponse> AskAsync(DoctorTarget door, string method, string path, string? json = null)
    {
        ProbeResponse heard = await asker.AskAsync(door, method, path, json, cancellationToken);
        Note($"{Line(door, method, path)}{(json is null ? "" : $" {json}")}", Words(heard), heard.Took);
        return heard;
    }

    public async Task<ProbeStream> StreamAsync(DoctorTarget door, string path, string json)
    {
        ProbeStream heard = await asker.StreamAsync(door, path, json, cancellationToken);
        string events = heard.Events.Count == 0 ? "" : $" [{heard.Events.Count} events at {heard.Arrivals} moments]";
        Note($"{Line(door, "POST", path)} {json}", Words(heard.Answer) + events, heard.Answer.Took);
        return heard;
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task<ProbeResponse> SendAsync(DoctorTarget door, string bytes)
    {
        ProbeResponse heard = await RawProbe.SendAsync(door, bytes, cancellationToken);
        Note(
            $"{door} {bytes.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}",
            Words(heard),
            heard.Took
        );
        return heard;
    }

    public string? Find(string program) => runner.Find(program);

    /// <summary>Runs one of the system's programs, which here only looks.</summary>
    public Task<CommandResult> RunAsync(string program, params string[] arguments) =>
        RunAsync(program, arguments, CommandLongest);

    // Those who ask for more think of changes, which nobody makes here.
    public async Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest)
    {
        long start = Stopwatch.GetTimestamp();
        CommandResult result = await runner.RunAsync(
            program,
            arguments,
            longest < CommandLongest ? longest : CommandLongest
        );
        Note(
            $"{program} {string.Join(' ', arguments)}",
            result.Succeeded ? result.Output : $"exit code {result.ExitCode}: {result.Description}",
            Stopwatch.GetElapsedTime(start)
        );
        return result;
    }

    public void Note(string asked, string heard, TimeSpan took) =>
        _notes.Add(new ExchangeNote(asked, Texts.OneLine(heard, HeardLengthMax), took));

    private static string Line(DoctorTarget door, string method, string path) =>
        $"{method} {path} at {door}{(door.Host == door.EndPoint.ToString() ? "" : $" (Host: {door.Host})")}";

    private static string Words(ProbeResponse heard) =>
        heard.Status == 0 ? heard.Problem : $"{heard.Status} {heard.Content}";
}
