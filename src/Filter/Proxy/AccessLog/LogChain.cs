namespace FastGate.Proxy.AccessLog;

/// <summary>A log and its rotated files, newest first, each once, even if the log is rotated meanwhile.</summary>
internal sealed class LogChain : IDisposable
{
    // While the writer renames files, up to two consecutive numbers are missing.
    private const int GapMax = 2;

    private readonly List<OpenLog> _files;

    private LogChain(List<OpenLog> files, bool isCurrentThere) => (_files, HasCurrent) = (files, isCurrentThere);

    public IReadOnlyList<OpenLog> Files => _files;

    /// <summary>The first file is the one being written.</summary>
    public bool HasCurrent { get; }

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read by this user.</exception>
    public static LogChain Open(string path)
    {
        List<OpenLog> files = [];
        OpenLog? current = OpenLog.TryOpen(path);
        if (current is not null)
            files.Add(current);
        AddRotated(path, files, _ => true);
        return new LogChain(files, current is not null);
    }

    /// <summary>Adds rotated files, newest first, up to the first that is not wanted.</summary>
    public static void AddRotated(string path, List<OpenLog> files, Predicate<OpenLog> isWanted)
    {
        int gap = 0;
        for (int number = 1; gap < GapMax; number++)
        {
            OpenLog? rotated = OpenLog.TryOpen($"{path}.{number}");
            gap = rotated is null ? gap + 1 : 0;
            if (rotated is null)
                continue;
            // After a rotation in the meantime, the same file is found again under the next number.
            bool isKnown = files.Exists(file => file.IsSameAs(rotated));
            bool isIncluded = isKnown || isWanted(rotated);
            if (!isKnown && isIncluded)
                files.Add(rotated);
            else
                rotated.Dispose();
            if (!isIncluded)
                return;
        }
    }

    /// <summary>Returns all lines, oldest first.</summary>
    public IEnumerable<byte[]> Forward() =>
        Enumerable.Reverse(_files).SelectMany(file => LogText.Forward(file, LogText.EndOfLastLine(file)));

    /// <summary>Returns all lines, newest first.</summary>
    /// <param name="currentEnd">The offset at which the first file is taken to end.</param>
    public IEnumerable<byte[]> Backward(long currentEnd) =>
        _files.SelectMany(file => LogText.Backward(file, file == _files[0] ? currentEnd : LogText.EndOfLastLine(file)));

    /// <summary>Removes the first file, if any, and gives its ownership to the caller.</summary>
    public OpenLog? TakeFirst()
    {
        if (_files is not [var first, ..])
            return null;
        _files.RemoveAt(0);
        return first;
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());
}
