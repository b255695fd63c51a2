using FastGate.Proxy.Transport;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Proxy.AccessLog;

/// <summary>A log file that is open for reading, and goes on to be when it is rotated, truncated or removed. One thread
/// at a time.</summary>
internal sealed class OpenLog : IDisposable
{
    // Some ten lines: with their times, no two files begin with the same.
    private const int BeginningBytes = 4096;

    private readonly SafeFileHandle _file;
    private byte[] _beginning = [];

    private OpenLog(SafeFileHandle file) => _file = file;

    public long Length => RandomAccess.GetLength(_file);

    public DateTime LastWrite => File.GetLastWriteTimeUtc(_file);

    /// <summary>Null when there is no such file.</summary>
    /// <exception cref="IOException">It cannot be read, or is no file but a pipe or a device.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it, or it is a directory.</exception>
    public static OpenLog? TryOpen(string path)
    {
        try
        {
            return new OpenLog(RegularFile.Open(path));
        }
        catch (Exception absence) when (absence is FileNotFoundException or DirectoryNotFoundException)
        {
            // Not written yet, or just being rotated.
            return null;
        }
    }

    public int ReadAt(Span<byte> into, long offset) => RandomAccess.Read(_file, into, offset);

    /// <summary>Whether the other one is the same file, opened by another name or later.</summary>
    /// <remarks>.NET does not tell a file's number; what a log begins with tells it as well, since every line has its
    /// time.</remarks>
    public bool IsSameAs(OpenLog later)
    {
        Span<byte> here = stackalloc byte[BeginningBytes];
        Span<byte> there = stackalloc byte[BeginningBytes];
        // This one first: a log only grows, so the same file is not shorter when it is read later.
        int length = ReadAt(here, 0);
        int other = later.ReadAt(there, 0);
        return length > 0 && other >= length && here[..length].SequenceEqual(there[..length]);
    }

    /// <summary>Whether somebody has emptied the file since it was last asked, even if it has grown again
    /// meanwhile.</summary>
    public bool HasBegunAnew()
    {
        Span<byte> now = stackalloc byte[BeginningBytes];
        now = now[..ReadAt(now, 0)];
        bool isAnew = !now.StartsWith(_beginning);
        if (now.Length != _beginning.Length || isAnew)
            _beginning = now.ToArray();
        return isAnew;
    }

    public void Dispose() => _file.Dispose();
}
