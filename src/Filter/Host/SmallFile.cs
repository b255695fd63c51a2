using System.Diagnostics.CodeAnalysis;
using FastGate.Proxy.Transport;

namespace FastGate.Host;

/// <summary>Reads small text files of other programs, such as scripts and configurations; no binaries and no
/// devices.</summary>
internal static class SmallFile
{
    private const int BytesMax = 256 * 1024;

    /// <returns>False for a file that is missing, unreadable, empty, too large or not text.</returns>
    public static bool TryRead(string path, [NotNullWhen(true)] out string? text)
    {
        text = null;
        try
        {
            if (RegularFile.Read(path, BytesMax) is not { Length: > 0 } bytes)
                return false;
            using StreamReader reader = new(new MemoryStream(bytes));
            string read = reader.ReadToEnd();
            if (!read.Contains('\0', StringComparison.Ordinal))
                text = read;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The caller reports that the file was not read.
            return false;
        }
        return text is not null;
    }
}
