using System.Text;
using BenchmarkDotNet.Loggers;
using FastGate.Bench.Report;

namespace FastGate.Bench.Micro;

/// <summary>Reduces BenchmarkDotNet's output to one line of progress for each benchmark, and keeps the rest in case one
/// fails.</summary>
internal sealed class QuietLogger(Screen screen) : ILogger
{
    private const string Begins = "// Benchmark: ";

    private readonly StringBuilder _all = new();
    private readonly StringBuilder _line = new();

    public string Id => nameof(QuietLogger);

    public int Priority => 0;

    public string All => _all.ToString();

    public void Write(LogKind logKind, string text)
    {
        _all.Append(text);
        _line.Append(text);
    }

    public void WriteLine()
    {
        _all.AppendLine();
        if (_line.ToString() is var text && text.StartsWith(Begins, StringComparison.Ordinal))
            screen.Progress(Name(text), 0, 1);
        _line.Clear();
    }

    public void WriteLine(LogKind logKind, string text)
    {
        Write(logKind, text);
        WriteLine();
    }

    public void Flush()
    {
        // Nothing is buffered.
    }

    // "// Benchmark: RuleBenchmarks.Match: Short(Toolchain=…) [Count=10]": class, method and parameters.
    private static string Name(string line)
    {
        string name = line[Begins.Length..line.IndexOf(": ", Begins.Length, StringComparison.Ordinal)];
        int parameters = line.IndexOf(") [", StringComparison.Ordinal);
        return parameters < 0 ? name : $"{name} {line[(parameters + 2)..]}";
    }
}
