using FastGate.Proxy.Transport;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Proxy.AccessLog;

/// <summary>A log file open for reading, which stays open when it is rotated, truncated or removed. Not
/// thread-safe.</summary>
internal sealed class OpenLog : IDisposable
{
    // About ten lines, whose times differ in every file.
    private const int BeginningBytes = 4096;

    private readonly SafeFileHandle _file;
    private byte[] _beginning = [];

    private OpenLog(SafeFileHandle file) => _file = file;

    public long Length => RandomAccess.GetLength(_file);

    public DateTime LastWrite => File.GetLastWriteTimeUtc(_file);

    /// <summary>Opens the file, or returns null if it does not exist.</summary>
    /// <exception cref="IOException">It cannot be read, or is not a regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read by this user, or is a directory.</exception>
    public static OpenLog? TryOpen(string path)
    {
        try
        {
            return new OpenLog(RegularFile.Open(path));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Not created yet, or being rotated.
            return null;
        }
    }

    public int ReadAt(Span<byte> into, long offset) => RandomAccess.Read(_file, into, offset);

    /// <summary>Whether the other one is the same file, opened later or under another name.</summary>
    /// <remarks>.NET does not expose inode numbers. The first bytes of a log identify it too, since every line has its
    /// time.</remarks>
    public bool IsSameAs(OpenLog later)
    {
        Span<byte> here = stackalloc byte[BeginningBytes];
        Span<byte> there = stackalloc byte[BeginningBytes];
        // This one first: a log only grows, so the same file is not shorter when read later.
        int length = ReadAt(here, 0);
        int otherLength = later.ReadAt(there, 0);
        return length > 0 && otherLength >= length && here[..length].SequenceEqual(there[..length]);
    }

    /// <summary>Returns whether the file was truncated since the last call, even if it has grown again.</summary>
    public bool WasTruncated()
    {
        Span<byte> now = stackalloc byte[BeginningBytes];
        now = now[..ReadAt(now, 0)];
        bool isDifferent = !now.StartsWith(_beginning);
        if (now.Length != _beginning.Length || isDifferent)
            _beginning = now.ToArray();
        return isDifferent;
    }

    public void Dispose() => _file.Dispose();
}
