namespace FastGate.Proxy.AccessLog;

/// <summary>A log and what was rotated away from it, newest first, each file once, even if it is rotated at this
/// moment.</summary>
internal sealed class LogChain : IDisposable
{
    // While the writer renames, a number or two is not there.
    private const int GapMax = 2;

    private readonly List<OpenLog> _files;

    private LogChain(List<OpenLog> files, bool isCurrentThere) => (_files, IsCurrentThere) = (files, isCurrentThere);

    public IReadOnlyList<OpenLog> Files => _files;

    /// <summary>The first of the files is the one that is written to.</summary>
    public bool IsCurrentThere { get; }

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read one.</exception>
    public static LogChain Open(string path)
    {
        List<OpenLog> files = [];
        OpenLog? current = OpenLog.TryOpen(path);
        if (current is not null)
            files.Add(current);
        AddRotated(path, files, _ => true);
        return new LogChain(files, current is not null);
    }

    /// <summary>Adds what was rotated, from the newest on, as long as it is wanted.</summary>
    public static void AddRotated(string path, List<OpenLog> files, Predicate<OpenLog> isWanted)
    {
        int gap = 0;
        for (int number = 1; gap < GapMax; number++)
        {
            OpenLog? rotated = OpenLog.TryOpen($"{path}.{number}");
            gap = rotated is null ? gap + 1 : 0;
            if (rotated is null)
                continue;
            // A rotation between two looks shows a file once more, under its next number.
            bool isKnown = files.Exists(file => file.IsSameAs(rotated));
            bool goOn = isKnown || isWanted(rotated);
            if (!isKnown && goOn)
                files.Add(rotated);
            else
                rotated.Dispose();
            if (!goOn)
                return;
        }
    }

    /// <summary>All lines, the oldest first.</summary>
    public IEnumerable<byte[]> Forward() =>
        Enumerable.Reverse(_files).SelectMany(file => LogText.Forward(file, LogText.EndOfLastLine(file)));

    /// <summary>All lines, the newest first.</summary>
    /// <param name="currentEnd">Where the first file is taken to end.</param>
    public IEnumerable<byte[]> Backward(long currentEnd) =>
        _files.SelectMany(file => LogText.Backward(file, file == _files[0] ? currentEnd : LogText.EndOfLastLine(file)));

    /// <summary>The first file is the caller's from here on; null if there is none.</summary>
    public OpenLog? TakeFirst()
    {
        if (_files is not [var first, ..])
            return null;
        _files.RemoveAt(0);
        return first;
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());
}
