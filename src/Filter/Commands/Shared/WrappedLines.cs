using System.Text;

namespace FastGate.Commands.Shared;

/// <summary>Writes to a terminal, and wraps each line between its words; what follows is indented like its beginning.
/// Text that is not written as a line passes unchanged.</summary>
/// <param name="terminal">The terminal's stream.</param>
/// <param name="width">Its present width in columns; 0 if it is not known.</param>
internal sealed class WrappedLines(TextWriter terminal, Func<int> width) : TextWriter
{
    public override Encoding Encoding => terminal.Encoding;

    public override void Write(char value) => terminal.Write(value);

    public override void Write(string? value) => terminal.Write(value);

    public override void WriteLine() => terminal.WriteLine();

    public override void WriteLine(string? value)
    {
        foreach (string line in (value ?? "").Split('\n'))
            Wrap(line);
    }

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override void Flush() => terminal.Flush();

    private void Wrap(string line)
    {
        string text = line.TrimStart(' ');
        string indent = line[..^text.Length];
        int room = width() - indent.Length;
        foreach (string part in room > 0 ? WordWrap.Lines(text, room) : [text])
            terminal.WriteLine(indent + part);
    }
}
