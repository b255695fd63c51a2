using System.Text;

namespace FastGate.Host.Systemd;

/// <summary>Writes words so that systemd reads them as they were (systemd.syntax(7), systemd.service(5), "Command
/// lines").</summary>
internal static class UnitText
{
    /// <summary>
    /// The program of a command line, its first word: <c>%</c> is a specifier there, and <c>$</c> is not a variable, so
    /// that <c>$$</c> would stay two dollar signs and no such file be found.
    /// </summary>
    public static string Program(string path) => Quoted(path);

    /// <summary>A further word of a command line: <c>$</c> would be a variable there, <c>%</c> a specifier.</summary>
    public static string Argument(string word) => Quoted(word.Replace("$", "$$", StringComparison.Ordinal));

    /// <summary>The right side of <c>Environment=</c>, where <c>$</c> means nothing.</summary>
    public static string Assignment(string name, string value) => Quoted($"{name}={value}");

    private static string Quoted(string word)
    {
        StringBuilder text = new("\"");
        foreach (char letter in word)
        {
            text.Append(
                letter switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '%' => "%%",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    _ => letter.ToString(),
                }
            );
        }
        return text.Append('"').ToString();
    }
}
