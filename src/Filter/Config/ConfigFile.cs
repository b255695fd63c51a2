using FastGate.Proxy.Transport;

namespace FastGate.Config;

/// <summary>Reads the config file from the disk, and nothing else of it.</summary>
internal static class ConfigFile
{
    /// <summary>A config of 10 000 rules has half of it; what is larger is another file.</summary>
    public const int BytesMax = 1024 * 1024;

    /// <summary>The bytes of the file; null when it is not there, or cannot be read, which is a problem.</summary>
    /// <param name="path">The file; if nobody named it, its absence is no problem.</param>
    /// <param name="problems">Where a problem is added.</param>
    public static byte[]? Read(ConfigPath path, List<Problem> problems)
    {
        SourceLocation place = new(path.Path);
        try
        {
            // Not File.OpenRead: a FIFO, there for a moment, would hold a gate that reloads for ever.
            if (RegularFile.Read(path.Path, BytesMax) is { } bytes)
                return bytes;
            problems.Add(new Problem(place, "the file is larger than 1 MiB, which is no config: name another"));
        }
        catch (Exception absence) when (absence is FileNotFoundException or DirectoryNotFoundException)
        {
            // The usual file need not be there.
            if (path.IsNamed)
                problems.Add(new Problem(place, "there is no such file: create it, or name another with --config"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A directory, a missing right, a broken disk: told with the system's words.
            string why =
                Directory.Exists(path.Path) ? "it is a directory"
                : failure.Message.EndsWith(RegularFile.NotRegular, StringComparison.Ordinal) ? RegularFile.NotRegular
                : failure.Message.TrimEnd('.');
            problems.Add(new Problem(place, $"the file cannot be read: {why}"));
        }
        return null;
    }
}
