using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Commands.Shared;

/// <summary>Whole lines to standard output, which may have a reader that goes away: <c>fastgate logs |
/// head</c>.</summary>
internal sealed class LineOutput : IDisposable
{
    private const int StandardOutput = 1;
    private const int BrokenPipe = 32; // EPIPE, which .NET gives as the result of the exception

    private readonly TextWriter _writer;
    private readonly FileStream? _pipe;

    private LineOutput(TextWriter writer, FileStream? pipe) => (_writer, _pipe) = (writer, pipe);

    /// <summary>What the terminal writes to. The console keeps a broken pipe to itself, so a pipe is written past
    /// it.</summary>
    public static LineOutput Of(Terminal terminal)
    {
        if (!ReferenceEquals(terminal.Out, Console.Out) || !Console.IsOutputRedirected)
            return new LineOutput(terminal.Out, null);
        FileStream pipe = new(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        // A file stays with the console: several programs may append to it.
        return pipe.CanSeek
            ? new LineOutput(terminal.Out, null)
            : new LineOutput(new StreamWriter(pipe, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)), pipe);
    }

    /// <summary>False when nobody reads any more.</summary>
    /// <exception cref="OutputException">Not all of it can be had: the disk is full.</exception>
    public bool TryWrite(string line)
    {
        try
        {
            _writer.Write(line);
            _writer.Write('\n');
            return true;
        }
        catch (IOException failure)
        {
            return Gone(failure);
        }
    }

    /// <summary>The same for what was written before.</summary>
    public bool TryFlush()
    {
        try
        {
            _writer.Flush();
            return true;
        }
        catch (IOException failure)
        {
            return Gone(failure);
        }
    }

    // Not the writer: it would try once more to write what nobody reads.
    public void Dispose() => _pipe?.Dispose();

    // The reader that has gone has what it wanted; whoever keeps it in a file must not take a part for the whole.
    private static bool Gone(IOException failure) =>
        failure.HResult == BrokenPipe ? false : throw new OutputException(failure.Message);
}

/// <summary>What was asked for cannot be written to where it was to go.</summary>
internal sealed class OutputException(string reason) : Exception(reason);
