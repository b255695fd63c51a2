namespace FastGate.Proxy.AccessLog;

/// <summary>
/// A log file as a write-only stream: opened when it is first needed and again after a failure, for its owner only,
/// rotated by size. Each write leaves the whole of its bytes in the file, or throws and leaves none.
/// One thread at a time.
/// </summary>
/// <remarks>
/// Two gates that write one file overwrite each other's lines, and rotate away what the other is writing. So a lock
/// beside the file says that a gate writes it, and the next gate takes the next name: access-2.log.
/// </remarks>
/// <param name="path">The file, or if another gate writes it, what the name of this one is made of.</param>
/// <param name="bytesMax">A file that would become larger is rotated.</param>
/// <param name="rotatedMax">How many rotated ones are kept.</param>
/// <param name="moved">Told when another name was taken.</param>
internal sealed class LogFile(string path, long bytesMax, int rotatedMax, Action<string>? moved = null) : Stream
{
    public const string LockSuffix = ".lock";

    /// <summary>More gates with one log than this write none.</summary>
    public const int NamesMax = 64;

    // EWOULDBLOCK, as .NET passes it on.
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private FileStream? _file;
    private FileStream? _held;
    private volatile string _place = path;

    /// <summary>The file that is written, which another gate's lock may have changed. Any thread.</summary>
    public string Place => _place;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        FileStream open = Opened();
        if (!open.CanSeek)
        {
            // A pipe or a terminal by its path, such as /dev/stdout: it has no size and no end.
            open.Write(buffer);
            return;
        }

        if (open.Length > 0 && open.Length + buffer.Length > bytesMax)
        {
            Rotate();
            open = Opened();
        }

        // Others may have truncated the file: its end is looked up, not remembered.
        long end = open.Seek(0, SeekOrigin.End);
        bool whole = false;
        try
        {
            open.Write(buffer);
            whole = true;
        }
        finally
        {
            if (!whole)
                Forget(end);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Opens the file if it is not open; bytes wait nowhere.</summary>
    public override void Flush() => Opened();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close(ref _file);
            Close(ref _held);
        }
        base.Dispose(disposing);
    }

    /// <summary>The open file, opened anew if somebody has removed or renamed it.</summary>
    private FileStream Opened()
    {
        if (_file is not null && !File.Exists(_place))
            Close(ref _file);
        return _file ??= Open();
    }

    private FileStream Open()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(_place)) is { } directory)
            Directory.CreateDirectory(directory);
        string first = _place;
        for (int number = 2; ; number++)
        {
            // Opening changes nothing yet, and shows whether it is a file: a pipe, a terminal or a device can be
            // shared.
            FileStream opened = new(_place, Options(FileShare.ReadWrite | FileShare.Delete));
            if (_held is not null || !opened.CanSeek || IsDevice(_place) || TryHold())
                return Taken(opened, first);
            opened.Dispose();
            if (number > NamesMax)
                throw new IOException($"{first} and {NamesMax - 1} more are written by other gates");
            _place = Numbered(first, number);
        }
    }

    private FileStream Taken(FileStream opened, string first)
    {
        if (_place != first)
            moved?.Invoke(_place);
        return opened;
    }

    /// <summary>The n-th name of a log: access-2.log.</summary>
    public static string Numbered(string path, int number) =>
        Path.Combine(
            Path.GetDirectoryName(path) ?? "",
            $"{Path.GetFileNameWithoutExtension(path)}-{number}{Path.GetExtension(path)}"
        );

    /// <returns>False when another gate writes the file.</returns>
    private bool TryHold()
    {
        // Two names of one file have one lock.
        string target = File.ResolveLinkTarget(_place, returnFinalTarget: true)?.FullName ?? _place;
        try
        {
            // On Unix this is flock(2), which ends with the process, however it ends. The file stays: removing it could
            // be between another gate's open and its lock.
            _held = new FileStream(target + LockSuffix, Options(FileShare.None));
            return true;
        }
        catch (IOException locked) when (locked.HResult is WouldBlockLinux or WouldBlockMac)
        {
            return false;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // A folder where only this one file may be written: then it is written as it always was, without a lock.
            return true;
        }
    }

    /// <summary>A device or a file of the kernel's, which has no size of its own. What lies in <c>/dev/shm</c> is a
    /// file.</summary>
    private static bool IsDevice(string path) =>
        (File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path)) is var target
        && !target.StartsWith("/dev/shm/", StringComparison.Ordinal)
        && (
            target.StartsWith("/dev/", StringComparison.Ordinal)
            || target.StartsWith("/proc/", StringComparison.Ordinal)
        );

    private static FileStreamOptions Options(FileShare share)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Owner;
        return options;
    }

    private void Rotate()
    {
        Close(ref _file);
        if (rotatedMax == 0)
            File.Delete(_place);
        for (int n = rotatedMax; n > 0; n--)
        {
            string newer = n == 1 ? _place : $"{_place}.{n - 1}";
            if (File.Exists(newer))
                File.Move(newer, $"{_place}.{n}", overwrite: true);
        }
    }

    /// <summary>Takes back what a failed write left, so that the lines are neither torn nor doubled when it is
    /// retried.</summary>
    private void Forget(long end)
    {
        try
        {
            _file?.SetLength(end);
        }
        catch (IOException)
        {
            // The disk refuses this as well; the write's own exception is on its way and says why.
        }
        finally
        {
            Close(ref _file);
        }
    }

    private static void Close(ref FileStream? file)
    {
        FileStream? open = file;
        file = null;
        open?.Dispose();
    }
}
