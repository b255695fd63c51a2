using System.Runtime.CompilerServices;
using System.Text;

namespace FastGate.Cli;

/// <summary>The lines that are added to an access log from now on.</summary>
/// <param name="path">A file that exists.</param>
internal sealed class AccessLogTail(string path) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly FileStream file = Open(path);
    private readonly byte[] buffer = new byte[16 * 1024];
    private readonly StringBuilder rest = new();

    public void Dispose() => file.Dispose();

    /// <summary>Each line when it has been written; ends when it is told to stop.</summary>
    public async IAsyncEnumerable<string> LinesAsync([EnumeratorCancellation] CancellationToken stop)
    {
        using PeriodicTimer timer = new(Poll);
        while (await timer.WaitForNextTickAsync(stop))
        {
            foreach (string line in Read()) yield return line;
        }
    }

    private static FileStream Open(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(0, SeekOrigin.End);
        return file;
    }

    private string[] Read()
    {
        // The log is ASCII, so no character is cut in two.
        for (int count; (count = file.Read(buffer)) > 0;) rest.Append(Encoding.ASCII.GetString(buffer, 0, count));
        string[] lines = rest.ToString().Split('\n');
        rest.Clear().Append(lines[^1]);
        return lines[..^1];
    }
}
