using System.Net.Sockets;
using System.Text;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A listening Unix socket in the file system that only its owner can reach. A lock file beside it, held as long as the
/// process lives, says whose it is: a socket with a lock that nobody holds was left by a process that has died.
/// </summary>
internal sealed class OwnerSocket : IDisposable
{
    /// <summary>The bytes of <c>sun_path</c> less its end: macOS has 104, Linux 108 (unix(7)).</summary>
    public const int PathBytesMax = 103;

    public const string LockSuffix = ".lock";

    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Whoever held the lock may remove its file between our open and our lock.
    private const int Attempts = 3;

    // Where it is full a Unix socket refuses at once (EAGAIN) instead of waiting, as TCP does.
    private const int Backlog = 1024;

    // "/.01234567/s"
    private const int AsideBytes = 12;

    private readonly string _path;
    private readonly IReadOnlyList<string> _made;
    private readonly FileStream _held;

    private OwnerSocket(string path, IReadOnlyList<string> made, FileStream held, Socket socket) =>
        (_path, _made, _held, Socket) = (path, made, held, socket);

    public Socket Socket { get; }

    /// <param name="path">A whole path; folders that are missing are made, for the owner alone.</param>
    /// <param name="problem">Why there is none, as half a sentence.</param>
    /// <returns>Null when it cannot be had.</returns>
    public static OwnerSocket? TryOpen(string path, out string problem)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (!Fits(path))
        {
            problem = $"the path is longer than the {PathBytesMax} bytes that a socket's may have";
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
        catch (Exception refused)
            when (refused is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            // A missing right, a full disk, a file in place of a folder, a path too long: it is said, and done without.
            problem = SocketErrorText.Of(refused);
        }
        if (opened is null)
            Abandon(path, made, held);
        return opened;
    }

    /// <summary>Whether a path is short enough.</summary>
    public static bool Fits(string path) =>
        Encoding.UTF8.GetByteCount(path) <= PathBytesMax
        && Encoding.UTF8.GetByteCount(Path.GetDirectoryName(path)!) + AsideBytes <= PathBytesMax;

    /// <summary>Ends listening, and removes what was made.</summary>
    public void Dispose()
    {
        // First the name: a client that finds it is answered.
        TryRemove(() => File.Delete(_path));
        Socket.Dispose();
        Abandon(_path, _made, _held);
    }

    /// <returns>Those that were not there, the innermost first.</returns>
    private static List<string> MakeFolders(string folder)
    {
        List<string> missing = [];
        for (string? at = folder; at is not null && !Directory.Exists(at); at = Path.GetDirectoryName(at))
            missing.Add(at);
        if (missing.Count == 0)
            return missing;
        if (OperatingSystem.IsWindows())
            throw new IOException("there are no Unix modes on this system");
        Directory.CreateDirectory(folder, FolderMode);
        return missing;
    }

    private static FileStream? TryLock(string path, out string problem)
    {
        string name = path + LockSuffix;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            bool wasThere = File.Exists(name);
            if (IsSomebodyElses(path, wasThere))
            {
                problem = "something is there that is not a gate's: remove it, or name another path";
                return null;
            }
            FileStream file;
            try
            {
                // On Unix this is flock(2), which ends with the process, however it ends.
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
        problem = "another gate is just ending there";
        return null;
    }

    // A gate that has died leaves its lock as well, and a socket has no bytes: whatever has some was put there since.
    private static bool IsSomebodyElses(string path, bool hasLock) =>
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
    /// Bound under another name in a folder that nobody else can enter, closed to others, and only then given its name,
    /// in one step, in place of what a dead gate left.
    /// </summary>
    private static Socket Bind(string path, string folder)
    {
        string aside = Path.Combine(folder, "." + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 4)));
        if (OperatingSystem.IsWindows())
            throw new IOException("there are no Unix modes on this system");
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
            // The caller says what it was.
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
        // While it is held: who comes next makes another.
        if (held is not null)
            TryRemove(() => File.Delete(path + LockSuffix));
        held?.Dispose();
        // Those that somebody else has put something into by now refuse it, and stay.
        foreach (string folder in made)
            TryRemove(() => Directory.Delete(folder));
    }

    private static void TryRemove(Action removal)
    {
        try
        {
            removal();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Somebody else was quicker, or has put something there: it is theirs.
        }
    }
}
