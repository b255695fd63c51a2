using FastGate.Proxy.Transport;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Proxy.AccessLog;

/// <summary>
/// A log file as a write-only stream: opened on first use and again after a failure, readable by its owner only,
/// rotated by size. A write is complete, or throws and leaves no bytes in the file. Not thread-safe.
/// </summary>
/// <remarks>
/// Two gates with one file would overwrite each other's lines, and rotate away the file that the other writes. So a
/// lock file marks a log as in use, and the next gate uses the next name: access-2.log.
/// </remarks>
/// <param name="path">The file; if another gate writes it, the base of the name to use instead.</param>
/// <param name="bytesMax">The size at which the file is rotated.</param>
/// <param name="rotatedMax">The number of rotated files to keep.</param>
/// <param name="moved">Called with the new path when another name is used.</param>
internal sealed class LogFile(string path, long bytesMax, int rotatedMax, Action<string>? moved = null) : Stream
{
    public const string LockSuffix = ".lock";

    /// <summary>The maximum number of gates with the same log; a further one fails to open it.</summary>
    public const int NamesMax = 64;

    // EWOULDBLOCK, which .NET reports as the HResult.
    private const int WouldBlockLinux = 11;
    private const int WouldBlockMac = 35;

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private FileStream? _file;
    private FileStream? _lockFile;
    private volatile string _filePath = path;

    /// <summary>The path in use, which differs from the configured one if another gate has that. Any thread.</summary>
    public string FilePath => _filePath;

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
        FileStream open = EnsureOpen();
        if (!open.CanSeek)
        {
            // A pipe or a terminal, such as /dev/stdout, has no size and no end.
            open.Write(buffer);
            return;
        }

        if (open.Length > 0 && open.Length + buffer.Length > bytesMax)
        {
            Rotate();
            open = EnsureOpen();
        }

        // Another process may have truncated the file.
        long end = open.Seek(0, SeekOrigin.End);
        bool isComplete = false;
        try
        {
            open.Write(buffer);
            isComplete = true;
        }
        finally
        {
            if (!isComplete)
                Truncate(end);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Opens the file if it is not open. Nothing is buffered.</summary>
    public override void Flush() => EnsureOpen();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close(ref _file);
            Close(ref _lockFile);
        }
        base.Dispose(disposing);
    }

    /// <summary>Returns the open file, reopened if it was removed or renamed.</summary>
    private FileStream EnsureOpen()
    {
        if (_file is not null && !File.Exists(_filePath))
            Close(ref _file);
        return _file ??= Open();
    }

    private FileStream Open()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(_filePath)) is { } directory)
            Directory.CreateDirectory(directory);
        string first = _filePath;
        for (int number = 2; ; number++)
        {
            // Opening a pipe would block until a reader comes, and with it the thread that reports failures.
            using SafeFileHandle? held = RegularFile.HoldForWriting(_filePath);
            // Opening changes nothing, and shows the kind of file: a pipe, a terminal or a device can be shared.
            FileStream opened = new(_filePath, Options(FileShare.ReadWrite | FileShare.Delete));
            if (_lockFile is not null || !opened.CanSeek || IsDevice(_filePath) || TryLock())
                return ReportMove(opened, first);
            opened.Dispose();
            if (number > NamesMax)
                throw new IOException($"{first} and {NamesMax - 1} numbered names are in use by other gates");
            _filePath = Numbered(first, number);
        }
    }

    private FileStream ReportMove(FileStream opened, string first)
    {
        if (_filePath != first)
            moved?.Invoke(_filePath);
        return opened;
    }

    /// <summary>Returns the n-th name of a log: access-2.log.</summary>
    public static string Numbered(string path, int number) =>
        Path.Combine(
            Path.GetDirectoryName(path) ?? "",
            $"{Path.GetFileNameWithoutExtension(path)}-{number}{Path.GetExtension(path)}"
        );

    /// <returns>False if another gate writes the file.</returns>
    private bool TryLock()
    {
        // Two links to the same file share one lock.
        string target = File.ResolveLinkTarget(_filePath, returnFinalTarget: true)?.FullName ?? _filePath;
        try
        {
            // On Unix this is flock(2), which the system releases however the process ends. The lock file stays, since
            // another gate could be between opening and locking it.
            _lockFile = new FileStream(target + LockSuffix, Options(FileShare.None));
            return true;
        }
        catch (IOException exception) when (exception.HResult is WouldBlockLinux or WouldBlockMac)
        {
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A directory in which only the log itself may be written: it is used without a lock.
            return true;
        }
    }

    /// <summary>Whether the path is a device or a file of the kernel, which has no size. Files in <c>/dev/shm</c> are
    /// regular.</summary>
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
            File.Delete(_filePath);
        for (int n = rotatedMax; n > 0; n--)
        {
            string newer = n == 1 ? _filePath : $"{_filePath}.{n - 1}";
            if (File.Exists(newer))
                File.Move(newer, $"{_filePath}.{n}", overwrite: true);
        }
    }

    /// <summary>Removes the partial result of a failed write, so that a retry neither splits nor repeats
    /// lines.</summary>
    private void Truncate(long end)
    {
        try
        {
            _file?.SetLength(end);
        }
        catch (IOException)
        {
            // The exception of the failed write, which is being thrown, has the reason.
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
