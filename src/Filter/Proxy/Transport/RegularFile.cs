using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Proxy.Transport;

/// <summary>
/// Opens files that another user may have created. Opening a FIFO would wait until a program writes to it, possibly
/// without end, and a check before the open could race; so the open itself never waits. Any thread.
/// </summary>
internal static class RegularFile
{
    /// <summary>The reason why something other than a file is not read.</summary>
    public const string NotRegular = "it is a pipe, a device or a socket, not a regular file";

    /// <summary>The largest text: more than any agent, unit, journal or proxy config needs.</summary>
    public const int TextBytesMax = 8 << 20;

    private const int WriteOnly = 1; // O_WRONLY
    private const int NoSuchEntry = 2; // ENOENT
    private const int NoAccess = 13; // EACCES
    private const int NoSuchDevice = 6; // ENXIO: the file is a socket
    private const int NoDirectory = 20; // ENOTDIR
    private const int NotSupported = 102; // macOS: EOPNOTSUPP, the file is a socket

    // O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC (fcntl.h); the same on x64 and arm64.
    private static readonly int Flags = OperatingSystem.IsMacOS() ? 0x4 | 0x20000 | 0x1000000 : 0x800 | 0x100 | 0x80000;

    /// <summary>Opens a regular file for reading at any position.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read it, or it is a directory.</exception>
    /// <exception cref="IOException">It is not a regular file, or reading fails.</exception>
    public static SafeFileHandle Open(string path)
    {
        if (Directory.Exists(path))
            throw new UnauthorizedAccessException($"{path} is a directory");
        SafeFileHandle file = OperatingSystem.IsWindows() ? File.OpenHandle(path) : OpenAtOnce(path);
        try
        {
            using FileStream stream = new(
                new SafeFileHandle(file.DangerousGetHandle(), ownsHandle: false),
                FileAccess.Read,
                bufferSize: 0
            );
            // A pipe and a terminal cannot seek. Some devices can, such as /dev/zero, and have no end.
            if (stream.CanSeek && !IsDevice(path))
                return file;
        }
        catch (ArgumentException exception)
        {
            file.Dispose();
            throw new IOException($"{path}: {NotRegular}", exception);
        }
        file.Dispose();
        throw new IOException($"{path}: {NotRegular}");
    }

    /// <summary>Reads a regular file; null if it is larger than the limit.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read it, or it is a directory.</exception>
    /// <exception cref="IOException">It is not a regular file, or reading fails.</exception>
    public static byte[]? Read(string path, int bytesMax)
    {
        using SafeFileHandle file = Open(path);
        // One byte more shows whether the file is larger; a growing file is read to its current end.
        byte[] bytes = new byte[(int)Math.Min(RandomAccess.GetLength(file), bytesMax) + 1];
        int length = 0;
        for (int count; (count = RandomAccess.Read(file, bytes.AsSpan(length), length)) > 0; )
        {
            length += count;
            if (length > bytesMax)
                return null;
            // Files of /proc report a length of 0.
            if (length == bytes.Length)
                Array.Resize(ref bytes, (int)Math.Min(bytesMax + 1L, Math.Max(4096, length * 2L)));
        }
        return bytes[..length];
    }

    /// <summary>Reads a regular file as UTF-8 text.</summary>
    /// <exception cref="IOException">As for <see cref="ReadBytes"/>.</exception>
    public static string ReadText(string path)
    {
        using MemoryStream bytes = new(ReadBytes(path));
        using StreamReader text = new(bytes, Encoding.UTF8);
        return text.ReadToEnd();
    }

    /// <summary>Reads a regular file of at most <see cref="TextBytesMax"/>.</summary>
    /// <exception cref="IOException">As for <see cref="Read"/>, or it is larger than
    /// <see cref="TextBytesMax"/>.</exception>
    public static byte[] ReadBytes(string path) =>
        Read(path, TextBytesMax) ?? throw new IOException($"{path} is larger than {TextBytesMax >> 20} MiB");

    // Files in /dev/shm are regular, and /dev/null counts as an empty one: systemd masks a unit with a link to it.
    private static bool IsDevice(string path)
    {
        string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        return target.StartsWith("/dev/", StringComparison.Ordinal)
            && !target.StartsWith("/dev/shm/", StringComparison.Ordinal)
            && target != "/dev/null";
    }

    /// <summary>Opens an existing file for writing without waiting, as a normal open of a FIFO does until a program
    /// reads it. Returns null if nothing was opened.</summary>
    /// <remarks>Keep the handle until the normal open has succeeded: the reader of a FIFO sees its end when the last
    /// writer closes it.</remarks>
    /// <exception cref="IOException">It is a FIFO that no program reads, or a socket.</exception>
    public static SafeFileHandle? HoldForWriting(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
            return null;
        int number = Open(Encoding.UTF8.GetBytes(path + '\0'), Flags | WriteOnly);
        if (number >= 0)
            return new SafeFileHandle(number, ownsHandle: true);
        return Marshal.GetLastPInvokeError() is NoSuchDevice or NotSupported
            ? throw new IOException($"{path} is a pipe that no program reads, or a socket")
            : null;
    }

    private static SafeFileHandle OpenAtOnce(string path)
    {
        int number = Open(Encoding.UTF8.GetBytes(path + '\0'), Flags);
        if (number >= 0)
            return new SafeFileHandle(number, ownsHandle: true);
        int error = Marshal.GetLastPInvokeError();
        throw error switch
        {
            NoSuchEntry or NoDirectory => new FileNotFoundException($"Could not find file '{path}'.", path),
            NoAccess => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
            NoSuchDevice or NotSupported => new IOException($"{path}: {NotRegular}"),
            _ => new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}", error),
        };
    }

    // Without the mode, which only a new file needs: Apple's arm64 passes variadic arguments differently.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);
}
