using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Commands.Shared;

/// <summary>Writes whole lines to standard output, whose reader may close the pipe: <c>fastgate logs |
/// head</c>.</summary>
internal sealed class LineOutput : IDisposable
{
    private const int StandardOutput = 1;
    private const int BrokenPipe = 32; // EPIPE, which .NET sets as the exception's HResult

    private readonly TextWriter _writer;
    private readonly FileStream? _pipe;

    private LineOutput(TextWriter writer, FileStream? pipe) => (_writer, _pipe) = (writer, pipe);

    /// <summary>Opens the terminal's output. A pipe is written directly, because the console ignores a broken
    /// pipe.</summary>
    public static LineOutput Of(Terminal terminal)
    {
        if (!ReferenceEquals(terminal.Out, Console.Out) || !Console.IsOutputRedirected)
            return new LineOutput(terminal.Out, null);
        FileStream pipe = new(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // A file is left to the console: several programs may append to it.
        return pipe.CanSeek
            ? new LineOutput(terminal.Out, null)
            : new LineOutput(new StreamWriter(pipe, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)), pipe);
    }

    /// <returns>False when the reader has closed the pipe.</returns>
    /// <exception cref="OutputException">The line cannot be written, for example because the disk is full.</exception>
    public bool TryWrite(string line)
    {
        try
        {
            _writer.Write(line);
            _writer.Write('\n');
            return true;
        }
        catch (IOException exception)
        {
            return Failed(exception);
        }
    }

    /// <summary>Flushes the lines written before.</summary>
    /// <returns>False when the reader has closed the pipe.</returns>
    /// <exception cref="OutputException">The lines cannot be written.</exception>
    public bool TryFlush()
    {
        try
        {
            _writer.Flush();
            return true;
        }
        catch (IOException exception)
        {
            return Failed(exception);
        }
    }

    // Not the writer, which would flush to the closed pipe again.
    public void Dispose() => _pipe?.Dispose();

    // A reader that closed the pipe has what it wanted; a truncated file would be mistaken for the whole output.
    private static bool Failed(IOException exception) =>
        exception.HResult == BrokenPipe ? false : throw new OutputException(exception.Message);
}

/// <summary>The output cannot be written.</summary>
internal sealed class OutputException(string reason) : Exception(reason);
