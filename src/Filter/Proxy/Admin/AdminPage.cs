using System.Text;

namespace FastGate.Proxy.Admin;

/// <summary>
/// The files of the status page, which are part of the program. A file is read when it is requested, and nothing of it
/// is kept. Any thread may call it.
/// </summary>
internal static class AdminPage
{
    private const string Html = "text/html; charset=utf-8";
    private const string Css = "text/css; charset=utf-8";
    private const string Script = "text/javascript; charset=utf-8";

    // Each is embedded under its path (Filter.csproj).
    private static readonly (string Path, string Type)[] Files =
    [
        ("/", Html),
        ("/page.css", Css),
        ("/figures.css", Css),
        ("/tables.css", Css),
        ("/page.js", Script),
        ("/views.js", Script),
        ("/sections.js", Script),
        ("/table.js", Script),
        ("/chart.js", Script),
        ("/format.js", Script),
        ("/icon.svg", "image/svg+xml"),
    ];

    /// <summary>The paths of all files.</summary>
    public static IEnumerable<string> Paths => Files.Select(file => file.Path);

    /// <summary>Finds a file by its path; null if it is not one of the page.</summary>
    /// <returns>The content and its media type.</returns>
    public static (byte[] Content, string Type)? Find(ReadOnlySpan<byte> path)
    {
        foreach ((string name, string type) in Files)
        {
            if (Ascii.Equals(path, name))
                return (Read(name), type);
        }
        return null;
    }

    private static byte[] Read(string name)
    {
        using Stream file =
            typeof(AdminPage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded");
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
