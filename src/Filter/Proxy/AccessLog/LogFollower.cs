namespace FastGate.Proxy.AccessLog;

/// <summary>
/// Reads the lines that are added to a log, each once, across rotation, truncation, removal and creation of the file.
/// Not thread-safe.
/// </summary>
internal sealed class LogFollower : IDisposable
{
    private const int BlockBytes = 64 * 1024;

    private readonly string _path;
    private readonly byte[] _block = new byte[BlockBytes];
    private readonly LineSplitter _splitter = new();
    private OpenLog? _file;
    private long _offset;

    /// <param name="path">The log's path.</param>
    /// <param name="file">The file to begin with; null if it does not exist yet. The follower closes it.</param>
    /// <param name="offset">Where to begin in the file: the end of a line.</param>
    public LogFollower(string path, OpenLog? file, long offset)
    {
        (_path, _file, _offset) = (path, file, offset);
        // Remembers the file's first bytes.
        file?.WasTruncated();
    }

    /// <summary>Begins at the end of the log.</summary>
    public static LogFollower FromNow(string path)
    {
        OpenLog? file = OpenLog.TryOpen(path);
        return new LogFollower(path, file, file is null ? 0 : LogText.EndOfLastLine(file));
    }

    /// <summary>Returns the lines added since the last call. The caller must enumerate all of them.</summary>
    public IEnumerable<byte[]> Read()
    {
        if (_file is null && (_file = OpenLog.TryOpen(_path)) is null)
            yield break;
        if (_file.WasTruncated() || _file.Length < _offset)
            Restart();
        bool hasLines = false;
        foreach (byte[] line in ReadToEnd())
        {
            hasLines = true;
            yield return line;
        }
        // While lines are added, this is still the file being written.
        if (hasLines)
            yield break;
        foreach (byte[] line in ReadNewerFiles())
            yield return line;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>If the log was rotated, reads the rest of this file, the files in between, and the new one.</summary>
    private IEnumerable<byte[]> ReadNewerFiles()
    {
        OpenLog? next = OpenLog.TryOpen(_path);
        // An empty new file may be rotated before it has a line; it is read later, as one of the files in between.
        if (next is null || next.Length == 0 || _file!.IsSameAs(next))
        {
            next?.Dispose();
            yield break;
        }

        // The writer closes a file before it renames it, so this reads its last lines.
        foreach (byte[] line in ReadToEnd())
            yield return line;
        List<OpenLog> newer = [next];
        // An empty file is never rotated, and could not be identified by its first bytes.
        if (_file.Length > 0)
            LogChain.AddRotated(_path, newer, IsNewer);
        newer.Reverse();
        foreach (OpenLog file in newer)
        {
            _file.Dispose();
            _file = file;
            _file.WasTruncated();
            Restart();
            foreach (byte[] line in ReadToEnd())
                yield return line;
        }
    }

    private bool IsNewer(OpenLog rotated) => !_file!.IsSameAs(rotated) && rotated.LastWrite >= _file.LastWrite;

    private IEnumerable<byte[]> ReadToEnd()
    {
        for (int length; (length = _file!.ReadAt(_block, _offset)) > 0; )
        {
            _offset += length;
            foreach (byte[] line in _splitter.Add(_block.AsMemory(0, length)))
                yield return line;
        }
    }

    private void Restart()
    {
        _offset = 0;
        _splitter.Reset();
    }
}
