using System.Net.Sockets;
using System.Text;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A listening Unix socket that only its owner can reach. The process holds a lock file beside it for its lifetime, so
/// a socket whose lock is free was left by a process that died.
/// </summary>
internal sealed class OwnerSocket : IDisposable
{
    /// <summary>The bytes of <c>sun_path</c> without the final NUL: macOS has 104, Linux 108 (unix(7)).</summary>
    public const int PathBytesMax = 103;

    public const string LockSuffix = ".lock";

    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // The holder of the lock may remove the file between the open and the lock here.
    private const int Attempts = 3;

    // When its backlog is full, a Unix socket refuses at once (EAGAIN); TCP would wait.
    private const int Backlog = 1024;

    // "/.01234567/s"
    private const int AsideBytes = 12;

    private readonly string _path;
    private readonly IReadOnlyList<string> _created;
    private readonly FileStream _held;

    private OwnerSocket(string path, IReadOnlyList<string> made, FileStream held, Socket socket) =>
        (_path, _created, _held, Socket) = (path, made, held, socket);

    public Socket Socket { get; }

    /// <param name="path">An absolute path; missing folders are created for the owner only.</param>
    /// <param name="problem">The reason, as part of a sentence, if the result is null.</param>
    /// <returns>The socket; null if it cannot be opened.</returns>
    public static OwnerSocket? TryOpen(string path, out string problem)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (!Fits(path))
        {
            problem = $"the path is longer than the {PathBytesMax} bytes that a Unix socket allows";
            return null;
        }
        IReadOnlyList<string> made = [];
        FileStream? held = null;
        OwnerSocket? opened = null;
        try
        {
            made = MakeFolders(folder);
            held = TryLock(path, out problem);
            if (held is not null)
                opened = new OwnerSocket(path, made, held, Bind(path, folder));
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            // Missing permission, a full disk, a file in place of a folder, a path that is too long: the caller reports
            // it and continues without the socket.
            problem = SocketErrorText.Of(exception);
        }
        if (opened is null)
            Abandon(path, made, held);
        return opened;
    }

    /// <summary>Whether a path is short enough for a Unix socket.</summary>
    public static bool Fits(string path) =>
        Encoding.UTF8.GetByteCount(path) <= PathBytesMax
        && Encoding.UTF8.GetByteCount(Path.GetDirectoryName(path)!) + AsideBytes <= PathBytesMax;

    /// <summary>Stops listening and removes the socket, the lock and the folders that were created.</summary>
    public void Dispose()
    {
        // The name first, so that every client that finds it is served.
        TryRemove(() => File.Delete(_path));
        Socket.Dispose();
        Abandon(_path, _created, _held);
    }

    /// <returns>The created folders, innermost first.</returns>
    private static List<string> MakeFolders(string folder)
    {
        List<string> missing = [];
        for (string? at = folder; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
            missing.Add(at);
        if (missing.Count == 0)
            return missing;
        if (OperatingSystem.IsWindows())
            throw new IOException("this system has no Unix file modes");
        Directory.CreateDirectory(folder, FolderMode);
        return missing;
    }

    private static FileStream? TryLock(string path, out string problem)
    {
        string name = path + LockSuffix;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            bool wasThere = File.Exists(name);
            if (IsForeign(path, wasThere))
            {
                problem = "a file that is not FastGate's is in the way: remove it, or use another path";
                return null;
            }
            FileStream file;
            try
            {
                // On Unix this is flock(2), which the system releases however the process ends.
                file = new FileStream(name, Locking());
            }
            catch (IOException) when (wasThere)
            {
                problem = "another gate serves it";
                return null;
            }
            if (File.Exists(name))
            {
                problem = "";
                return file;
            }
            file.Dispose();
        }
        problem = "another gate is just stopping there; try again";
        return null;
    }

    // A gate that died also leaves its lock, and a socket has no bytes: a file with bytes is someone else's.
    private static bool IsForeign(string path, bool hasLock) =>
        hasLock
            ? File.ResolveLinkTarget(path, returnFinalTarget: false) is not null
                || new FileInfo(path) is { Exists: true, Length: > 0 }
            : File.Exists(path) || Directory.Exists(path);

    private static FileStreamOptions Locking()
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = ForOwner;
        return options;
    }

    /// <summary>
    /// Binds under a temporary name in a folder that no one else can enter, restricts access, and then renames it in
    /// one step over anything that a dead gate left.
    /// </summary>
    private static Socket Bind(string path, string folder)
    {
        string aside = Path.Combine(folder, "." + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 4)));
        if (OperatingSystem.IsWindows())
            throw new IOException("this system has no Unix file modes");
        Directory.CreateDirectory(aside, FolderMode);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            string inner = Path.Combine(aside, "s");
            socket.Bind(new UnixDomainSocketEndPoint(inner));
            File.SetUnixFileMode(inner, ForOwner);
            socket.Listen(Backlog);
            File.Move(inner, path, overwrite: true);
            return socket;
        }
        catch
        {
            // The caller reports the exception.
            socket.Dispose();
            throw;
        }
        finally
        {
            TryRemove(() => Directory.Delete(aside, recursive: true));
        }
    }

    private static void Abandon(string path, IReadOnlyList<string> made, FileStream? held)
    {
        // While the lock is held: the next process creates another file.
        if (held is not null)
            TryRemove(() => File.Delete(path + LockSuffix));
        held?.Dispose();
        // A folder that now has other files refuses and stays.
        foreach (string folder in made)
            TryRemove(() => Directory.Delete(folder));
    }

    private static void TryRemove(Action removal)
    {
        try
        {
            removal();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Already removed, or in use by someone else.
        }
    }
}
