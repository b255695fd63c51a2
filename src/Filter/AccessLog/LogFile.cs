namespace FastGate.AccessLog;

/// <summary>
/// A log file as a write-only stream: opened when it is first needed and again after a failure, for its owner only,
/// rotated by size. Each write leaves the whole of its bytes in the file, or throws and leaves none.
/// One thread at a time.
/// </summary>
internal sealed class LogFile(string path, long bytesMax, int rotatedMax) : Stream
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private FileStream? file;

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
            if (!whole) Forget(end);
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
        if (disposing) Close(ref file);
        base.Dispose(disposing);
    }

    /// <summary>The open file, opened anew if somebody has removed or renamed it.</summary>
    private FileStream Opened()
    {
        if (file is not null && !File.Exists(path)) Close(ref file);
        return file ??= Open();
    }

    private FileStream Open()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory) Directory.CreateDirectory(directory);

        FileStreamOptions options = new()
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        return new FileStream(path, options);
    }

    private void Rotate()
    {
        Close(ref file);
        if (rotatedMax == 0) File.Delete(path);
        for (int n = rotatedMax; n > 0; n--)
        {
            string newer = n == 1 ? path : $"{path}.{n - 1}";
            if (File.Exists(newer)) File.Move(newer, $"{path}.{n}", overwrite: true);
        }
    }

    /// <summary>Takes back what a failed write left, so that the lines are neither torn nor doubled when it is retried.</summary>
    private void Forget(long end)
    {
        try
        {
            file?.SetLength(end);
        }
        catch (IOException)
        {
            // The disk refuses this as well; the write's own exception is on its way and says why.
        }
        finally
        {
            Close(ref file);
        }
    }

    private static void Close(ref FileStream? file)
    {
        FileStream? open = file;
        file = null;
        open?.Dispose();
    }
}
