using System.Globalization;
using System.Text;

namespace FastGate.Host.Systemd;

/// <summary>The unit file of a program that a user's systemd runs (systemd.service(5)).</summary>
internal sealed record ServiceUnit
{
    public required string Description { get; init; }

    /// <summary>The program as an absolute path, and its arguments, unquoted.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>From SIGTERM to SIGKILL, in whole seconds.</summary>
    public required int StopSeconds { get; init; }

    /// <summary>From an exit to the next start, in whole seconds; null for a program that runs once.</summary>
    public int? RestartSeconds { get; init; }

    /// <summary>The limit on open file descriptors; null for the system's.</summary>
    public int? FilesMax { get; init; }

    /// <summary>The text of the unit file.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        Section(text, "Unit");
        Line(text, "Description", Description.Replace("%", "%%", StringComparison.Ordinal));
        text.Append('\n');
        Section(text, "Service");
        Line(
            text,
            "ExecStart",
            string.Join(' ', [UnitText.Program(Command[0]), .. Command.Skip(1).Select(UnitText.Argument)])
        );
        // SIGHUP reloads the config.
        if (RestartSeconds is not null)
            Line(text, "ExecReload", "kill -HUP $MAINPID");
        foreach ((string name, string value) in Environment)
            Line(text, "Environment", UnitText.Assignment(name, value));
        if (RestartSeconds is { } restart)
        {
            Line(text, "Restart", "always");
            Line(text, "RestartSec", Number(restart));
        }
        Line(text, "TimeoutStopSec", Number(StopSeconds));
        if (FilesMax is { } files)
            Line(text, "LimitNOFILE", Number(files));
        Line(text, "NoNewPrivileges", "yes");
        text.Append('\n');
        Section(text, "Install");
        Line(text, "WantedBy", "default.target");
        return text.ToString();
    }

    private static void Section(StringBuilder text, string name) => text.Append('[').Append(name).Append("]\n");

    private static void Line(StringBuilder text, string key, string value) =>
        text.Append(key).Append('=').Append(value).Append('\n');

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Quotes words for a unit file (systemd.syntax(7), systemd.service(5), "Command lines").</summary>
internal static class UnitText
{
    /// <summary>
    /// The program, which is the first word of a command line: <c>%</c> is a specifier there, but <c>$</c> is not a
    /// variable, so <c>$$</c> would stay two dollar signs, and the file would not be found.
    /// </summary>
    public static string Program(string path) => Quoted(path);

    /// <summary>An argument of a command line, where <c>$</c> is a variable and <c>%</c> a specifier.</summary>
    public static string Argument(string word) => Quoted(word.Replace("$", "$$", StringComparison.Ordinal));

    /// <summary>The value of <c>Environment=</c>, where <c>$</c> has no meaning.</summary>
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
