using System.Diagnostics.CodeAnalysis;
using FastGate.Proxy.Transport;

namespace FastGate.Host;

/// <summary>Reads text files that others wrote, such as scripts and configurations: no programs, and no
/// devices.</summary>
internal static class SmallFile
{
    private const int BytesMax = 256 * 1024;

    /// <summary>False for what is not there, may not be read, is empty or too large, or is no text.</summary>
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
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Whoever asks says that it was not seen.
            return false;
        }
        return text is not null;
    }
}
