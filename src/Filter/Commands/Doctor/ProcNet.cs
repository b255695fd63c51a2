using System.Globalization;
using System.Net;

namespace FastGate.Commands.Doctor;

/// <summary>Reads Linux's tables of TCP sockets (proc(5), /proc/net/tcp), and which processes hold them.</summary>
internal static class ProcNet
{
    private const string Listening = "0A";

    public static IReadOnlyList<ListeningSocket>? Read()
    {
        try
        {
            (IPEndPoint EndPoint, string User, string Inode)[] rows =
            [
                .. Rows("/proc/net/tcp"),
                .. Rows("/proc/net/tcp6"),
            ];
            Dictionary<string, int> holders = HoldersOf([.. rows.Select(row => row.Inode)]);
            return [.. rows.Select(row => SocketOf(row.EndPoint, row.User, holders.GetValueOrDefault(row.Inode)))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Some systems hide the tables. The checks that connect still run.
            return null;
        }
    }

    /// <summary>The listening sockets in the lines of a table.</summary>
    internal static IEnumerable<(IPEndPoint EndPoint, string User, string Inode)> Parse(IEnumerable<string> lines) =>
        from line in lines.Skip(1)
        let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where words.Length > 9 && words[3] == Listening
        select (EndPointOf(words[1]), words[7], words[9]);

    private static IEnumerable<(IPEndPoint EndPoint, string User, string Inode)> Rows(string table) =>
        File.Exists(table) ? Parse(File.ReadAllLines(table)) : [];

    // Words of 32 bits in hexadecimal, each in the byte order of the machine, and the port.
    private static IPEndPoint EndPointOf(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        byte[] bytes =
        [
            .. text[..colon]
                .Chunk(8)
                .SelectMany(word =>
                    BitConverter.GetBytes(
                        uint.Parse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                    )
                ),
        ];
        return new IPEndPoint(
            new IPAddress(bytes),
            int.Parse(text.AsSpan(colon + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        );
    }

    private static ListeningSocket SocketOf(IPEndPoint endPoint, string user, int process)
    {
        string program = "";
        try
        {
            if (process > 0)
                program = File.ReadAllText($"/proc/{process}/comm").Trim();
        }
        catch (IOException)
        {
            // The process has exited.
        }
        return new ListeningSocket(endPoint, program, process, user == "0" ? "root" : $"uid {user}");
    }

    // Only for processes whose descriptors this user may read; of others only the socket is known.
    private static Dictionary<string, int> HoldersOf(HashSet<string> inodes)
    {
        Dictionary<string, int> holders = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                !int.TryParse(
                    Path.GetFileName(folder),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out int process
                )
            )
                continue;
            foreach (string link in LinksOf($"{folder}/fd"))
            {
                if (link.StartsWith("socket:[", StringComparison.Ordinal) && inodes.Contains(link[8..^1]))
                    holders.TryAdd(link[8..^1], process);
            }
        }
        return holders;
    }

    private static List<string> LinksOf(string folder)
    {
        List<string> links = [];
        try
        {
            foreach (string descriptor in Directory.EnumerateFiles(folder))
            {
                if (new FileInfo(descriptor).LinkTarget is { } target)
                    links.Add(target);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The process of another user, or one that has exited: keep what was read so far.
        }
        return links;
    }
}
