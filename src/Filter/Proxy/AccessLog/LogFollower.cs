namespace FastGate.Proxy.AccessLog;

/// <summary>
/// The lines that are added to a log, each once: through rotations, truncation, removal, and from before there is a
/// file. One thread at a time.
/// </summary>
internal sealed class LogFollower : IDisposable
{
    private const int BlockBytes = 64 * 1024;

    private readonly string _path;
    private readonly byte[] _block = new byte[BlockBytes];
    private readonly LineSplitter _splitter = new();
    private OpenLog? _file;
    private long _offset;

    /// <param name="path">The file that is written to.</param>
    /// <param name="file">Where to begin; null when there is no file yet. The follower closes it.</param>
    /// <param name="offset">How much of it is known already: the end of a line.</param>
    public LogFollower(string path, OpenLog? file, long offset)
    {
        (_path, _file, _offset) = (path, file, offset);
        file?.HasBegunAnew();
    }

    /// <summary>From the end of what is there now.</summary>
    public static LogFollower FromNow(string path)
    {
        OpenLog? file = OpenLog.TryOpen(path);
        return new LogFollower(path, file, file is null ? 0 : LogText.EndOfLastLine(file));
    }

    /// <summary>What has come since the last call; to be read to its end.</summary>
    public IEnumerable<byte[]> Read()
    {
        if (_file is null && (_file = OpenLog.TryOpen(_path)) is null)
            yield break;
        if (_file.HasBegunAnew() || _file.Length < _offset)
            BeginAnew();
        bool hasCome = false;
        foreach (byte[] line in Rest())
        {
            hasCome = true;
            yield return line;
        }
        // While lines come it is still the file that is written to.
        if (hasCome)
            yield break;
        foreach (byte[] line in Turn())
            yield return line;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>If another file has taken the place: the rest of this one, all of those between, and the new
    /// one.</summary>
    private IEnumerable<byte[]> Turn()
    {
        OpenLog? next = OpenLog.TryOpen(_path);
        // A new file that is empty may be followed by others before it is looked at again: then it is one of those
        // between.
        if (next is null || next.Length == 0 || _file!.IsSameAs(next))
        {
            next?.Dispose();
            yield break;
        }

        // The writer closes a file before it renames it, so there is no more to come than this.
        foreach (byte[] line in Rest())
            yield return line;
        List<OpenLog> newer = [next];
        // An empty file is not rotated; without a beginning it could not be told from others either.
        if (_file.Length > 0)
            LogChain.AddRotated(_path, newer, IsNewer);
        newer.Reverse();
        foreach (OpenLog following in newer)
        {
            _file.Dispose();
            _file = following;
            _file.HasBegunAnew();
            BeginAnew();
            foreach (byte[] line in Rest())
                yield return line;
        }
    }

    private bool IsNewer(OpenLog rotated) => !_file!.IsSameAs(rotated) && rotated.LastWrite >= _file.LastWrite;

    private IEnumerable<byte[]> Rest()
    {
        for (int length; (length = _file!.ReadAt(_block, _offset)) > 0; )
        {
            _offset += length;
            foreach (byte[] line in _splitter.Add(_block.AsMemory(0, length)))
                yield return line;
        }
    }

    private void BeginAnew()
    {
        _offset = 0;
        _splitter.Forget();
    }
}
