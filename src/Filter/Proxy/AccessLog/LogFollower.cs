namespace FastGate.Proxy.AccessLog;

/// <summary>
/// The lines that are added to a log, each once: through rotations, truncation, removal, and from before there is a file.
/// One thread at a time.
/// </summary>
internal sealed class LogFollower : IDisposable
{
    private const int BlockBytes = 64 * 1024;

    private readonly string path;
    private readonly byte[] block = new byte[BlockBytes];
    private readonly LineSplitter splitter = new();
    private OpenLog? file;
    private long offset;

    /// <param name="path">The file that is written to.</param>
    /// <param name="file">Where to begin; null when there is no file yet. The follower closes it.</param>
    /// <param name="offset">How much of it is known already: the end of a line.</param>
    public LogFollower(string path, OpenLog? file, long offset)
    {
        (this.path, this.file, this.offset) = (path, file, offset);
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
        if (file is null && (file = OpenLog.TryOpen(path)) is null) yield break;
        if (file.HasBegunAnew() || file.Length < offset) BeginAnew();
        bool hasCome = false;
        foreach (byte[] line in Rest())
        {
            hasCome = true;
            yield return line;
        }
        // While lines come it is still the file that is written to.
        if (hasCome) yield break;
        foreach (byte[] line in Turn()) yield return line;
    }

    public void Dispose() => file?.Dispose();

    /// <summary>If another file has taken the place: the rest of this one, all of those between, and the new one.</summary>
    private IEnumerable<byte[]> Turn()
    {
        OpenLog? next = OpenLog.TryOpen(path);
        // A new file that is empty may be followed by others before it is looked at again: then it is one of those between.
        if (next is null || next.Length == 0 || file!.IsSameAs(next))
        {
            next?.Dispose();
            yield break;
        }

        // The writer closes a file before it renames it, so there is no more to come than this.
        foreach (byte[] line in Rest()) yield return line;
        List<OpenLog> newer = [next];
        // An empty file is not rotated; without a beginning it could not be told from others either.
        if (file.Length > 0) LogChain.AddRotated(path, newer, IsNewer);
        newer.Reverse();
        foreach (OpenLog following in newer)
        {
            file.Dispose();
            file = following;
            file.HasBegunAnew();
            BeginAnew();
            foreach (byte[] line in Rest()) yield return line;
        }
    }

    private bool IsNewer(OpenLog rotated) => !file!.IsSameAs(rotated) && rotated.LastWrite >= file.LastWrite;

    private IEnumerable<byte[]> Rest()
    {
        for (int length; (length = file!.ReadAt(block, offset)) > 0;)
        {
            offset += length;
            foreach (byte[] line in splitter.Add(block.AsMemory(0, length))) yield return line;
        }
    }

    private void BeginAnew()
    {
        offset = 0;
        splitter.Forget();
    }
}
