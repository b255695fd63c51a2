using System.Globalization;
using System.Text;

namespace FastGate.Host.Systemd;

/// <summary>A program that a user's systemd keeps: what its unit file says (systemd.service(5)).</summary>
internal sealed record ServiceUnit
{
    public required string Description { get; init; }

    /// <summary>The program as a whole path, and its arguments, as they are to arrive.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>From SIGTERM to SIGKILL, in whole seconds.</summary>
    public required int StopSeconds { get; init; }

    /// <summary>From an end to the next start, in whole seconds.</summary>
    public required int RestartSeconds { get; init; }

    /// <summary>Open descriptors.</summary>
    public required int FilesMax { get; init; }

    /// <summary>The unit file.</summary>
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
        // SIGHUP makes the gate read its config again.
        Line(text, "ExecReload", "kill -HUP $MAINPID");
        foreach ((string name, string value) in Environment)
            Line(text, "Environment", UnitText.Assignment(name, value));
        Line(text, "Restart", "always");
        Line(text, "RestartSec", Number(RestartSeconds));
        Line(text, "TimeoutStopSec", Number(StopSeconds));
        Line(text, "LimitNOFILE", Number(FilesMax));
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
