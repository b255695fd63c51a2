using System.Diagnostics;
using System.Net.Sockets;
using FastGate.Bench.Children;
using FastGate.Bench.Report;
using FastGate.Commands.Shared;

namespace FastGate.Bench;

/// <summary>Runs the parts one after the other, shows each result, and sums up the run in one sentence.</summary>
internal sealed class Runner(RunOptions options)
{
    private readonly Screen _screen = new();
    private readonly List<(Part Part, PartResult Result)> _results = [];
    private bool _failed;

    /// <returns>The exit code: 0 when every response was correct and the gate adds less than 1 ms.</returns>
    public int Run()
    {
        long began = Stopwatch.GetTimestamp();
        Part[] parts = [.. Parts.All.Where(part => options.Only.Count == 0 || options.Only.Contains(part.Name))];
        // Before publishing, which is work too.
        if (About.BusyBefore is { } busy && !options.Quick)
            _screen.Note(busy);
        MeasuredProgram program = new NativeGate(_screen).Find(options.Native);
        _screen.Note($"FastGate is {program.Description}.");
        IReadOnlyList<Peer> gates = Gates.Find(program.Native, options.Also, options.Gates);
        Setting setting = new(options.Quick, _screen, Peers.Find(gates, _screen.Note));
        for (int i = 0; i < parts.Length; i++)
        {
            _screen.Heading($"[{i + 1}/{parts.Length}] {parts[i].Name}: {parts[i].Summary}");
            Run(parts[i], setting);
        }
        return End(program, Stopwatch.GetElapsedTime(began));
    }

    private void Run(Part part, Setting setting)
    {
        try
        {
            PartResult result = part.Measure(setting);
            _results.Add((part, result));
            Show(result);
        }
        catch (Exception exception)
            when (exception is SocketException or EndOfStreamException or TimeoutException or InvalidOperationException)
        {
            // A part that fails must not discard the figures of the others.
            _failed = true;
            _screen.Note($"{part.Name} failed: {exception.Message}");
        }
    }

    private void Show(PartResult result)
    {
        // Figures of a quick run are meaningless.
        if (!options.Quick)
            foreach (ResultTable table in result.Tables)
                _screen.Show(table);
        foreach (string note in result.Notes)
            _screen.Note(note);
        _screen.Note(
            $"{TextFormat.Count(result.Checked, "response")} checked, {TextFormat.Count(result.Wrong)} wrong."
        );
    }

    private int End(MeasuredProgram program, TimeSpan took)
    {
        bool right = !_failed && _results.All(part => part.Result.Wrong == 0);
        Added[] added = [.. _results.Where(part => part.Part.Name == "exchange").SelectMany(part => part.Result.Added)];
        string sentence =
            !right ? "Some responses were wrong or missing: the figures are meaningless."
            : options.Quick ? "Every response was correct. A quick run does not measure time."
            : added.Length == 0 ? "Every response was correct."
            : Sentence.Of(added);
        ResultTable targets = Targets.Table(_results);
        if (!options.Quick && targets.Rows.Count > 0)
            _screen.Show(targets);
        _screen.Heading($"{took.TotalSeconds:0} s. {sentence}");
        if (options.Record && right)
            _screen.Note($"Recorded in {Recording.Write(new RunResult(program, _results, targets, sentence, took))}");
        return right && (options.Quick || added.Length == 0 || Sentence.Holds(added)) ? 0 : 1;
    }
}
