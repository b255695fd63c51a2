using System.Text;

namespace FastGate.Test.Proxy.AccessLog;

/// <summary>A directory for one log, removed on disposal.</summary>
internal sealed class TempLog : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fastgate-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "access.log");

    public void Append(string text, string suffix = "") => File.AppendAllText(Path + suffix, text);

    public static string Text(IEnumerable<byte[]> lines) =>
        string.Join(' ', lines.Select(line => Encoding.UTF8.GetString(line)));

    public void Dispose() => _folder.Delete(recursive: true);
}
