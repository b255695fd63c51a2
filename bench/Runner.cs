using System.Diagnostics;
using System.Net.Sockets;
using FastGate.Bench.Children;
using FastGate.Bench.Report;

namespace FastGate.Bench;

/// <summary>Runs the parts one after the other, shows what each found, and says at the end what it comes to.</summary>
internal sealed class Runner(IReadOnlyCollection<string> only, bool quick, bool record)
{
    private readonly Screen screen = new();
    private readonly List<(Part Part, PartResult Result)> results = [];
    private bool failed;

    /// <returns>The exit code: 0 when every answer was right and the gate adds less than 1 ms.</returns>
    public int Run()
    {
        long began = Stopwatch.GetTimestamp();
        Part[] parts = [.. Parts.All.Where(part => only.Count == 0 || only.Contains(part.Name))];
        if (About.BusyBefore is { } busy && !quick) screen.Note(busy);
        Setting setting = new(quick, screen, Peers.Find(screen.Note));
        for (int i = 0; i < parts.Length; i++)
        {
            screen.Heading($"[{i + 1}/{parts.Length}] {parts[i].Name}: {parts[i].Summary}");
            Run(parts[i], setting);
        }
        return End(Stopwatch.GetElapsedTime(began));
    }

    private void Run(Part part, Setting setting)
    {
        try
        {
            PartResult result = part.Measure(setting);
            results.Add((part, result));
            Show(result);
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException or TimeoutException or InvalidOperationException)
        {
            // One part that breaks must not take the others' figures with it.
            failed = true;
            screen.Note($"{part.Name} broke off: {e.Message}");
        }
    }

    private void Show(PartResult result)
    {
        // Figures of a quick run mean nothing.
        if (!quick) foreach (ResultTable table in result.Tables) screen.Show(table);
        foreach (string note in result.Notes) screen.Note(note);
        screen.Note($"{Figure.Of(result.Checked, 0)} answers checked, {Figure.Of(result.Wrong, 0)} wrong.");
    }

    private int End(TimeSpan took)
    {
        bool right = !failed && results.All(one => one.Result.Wrong == 0);
        Added[] added = [.. results.Where(one => one.Part.Name == "exchange").SelectMany(one => one.Result.Added)];
        string sentence = !right ? "Some answers were wrong or missing: the figures mean nothing."
            : quick ? "Every answer was right. A quick run says nothing of time."
            : added.Length == 0 ? "Every answer was right." : Sentence.Of(added);
        screen.Heading($"{took.TotalSeconds:0} s. {sentence}");
        if (record && right) screen.Note($"Recorded in {Recording.Write(results, sentence, took)}");
        return right && (quick || added.Length == 0 || Sentence.Holds(added)) ? 0 : 1;
    }
}
