using System.Text.Json;
using System.Text.RegularExpressions;
using FastGate.Config;
using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Reads a journal and checks every entry before any is acted on: a damaged or tampered file must not make
/// <c>uninstall</c> do anything that <c>install</c> cannot have recorded.</summary>
internal static class JournalReader
{
    // Not source-generated: the generated type name contains the build folder, so the same source would give a
    // different program.
    private static readonly Regex Sha256 = new("^[0-9a-f]{64}\\z", RegexOptions.CultureInvariant);
    private static readonly Regex Formula = new("^[a-z0-9][a-z0-9@._+-]*\\z", RegexOptions.CultureInvariant);
    private static readonly Regex AsideSuffix = new(
        "^\\.(before-fastgate|previous)(-[1-9][0-9]{0,5})?\\z",
        RegexOptions.CultureInvariant
    );

    // Of the program and the completion for bash, of the other shells' and of the manual page, and of the rest.
    private static readonly string[] FileNames =
    [
        "fastgate",
        "_fastgate",
        "fastgate.fish",
        "fastgate.1",
        ConfigPath.FileName,
        InstallPaths.UnitName,
        InstallPaths.WarmUnitName,
        InstallPaths.ReceiptName,
    ];

    // A journal has about twenty entries of at most a few hundred bytes.
    private const int BytesMax = 1024 * 1024;

    private static readonly string[] Members = ["kind", "path", "aside", "hash", "name", "isPassing"];

    /// <param name="path">The path, for error messages.</param>
    /// <param name="bytes">The content of the file.</param>
    /// <param name="isMac">Which system's changes are allowed; null for both.</param>
    /// <exception cref="InvalidDataException">The content is invalid; the message says where and why.</exception>
    public static List<Change> Read(string path, byte[] bytes, bool? isMac = null)
    {
        try
        {
            if (bytes.Length > BytesMax)
                throw new FormatException($"it is larger than {BytesMax / 1024} KiB");
            using JsonDocument document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                throw new FormatException("it is not an array");
            return
            [
                .. document.RootElement.EnumerateArray().Select((element, index) => ReadChange(element, index, isMac)),
            ];
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException(
                $"{path} cannot be read: {exception.Message.TrimEnd('.')}. Nothing was changed.",
                exception
            );
        }
    }

    private static Change ReadChange(JsonElement element, int index, bool? isMac)
    {
        string? problem =
            element.ValueKind == JsonValueKind.Object
                ? element.EnumerateObject().FirstOrDefault(member => !Members.Contains(member.Name))
                    is { Value.ValueKind: not JsonValueKind.Undefined } unknown
                    ? $"unknown member \"{Escape(unknown.Name)}\""
                    : null
                : "it is not an object";
        Change? change = null;
        problem ??= ReadMembers(element, out change);
        problem ??=
            isMac is { } mac && IsOtherSystem(change!.Kind, mac)
                ? $"{change.Kind} does not apply to this operating system"
                : null;
        problem ??= ProblemOf(change!);
        return problem is null ? change! : throw new FormatException($"entry {index + 1}: {problem}");
    }

    private static string? ReadMembers(JsonElement element, out Change? change)
    {
        change = null;
        Dictionary<string, string?> texts = [];
        foreach (string name in Members[..^1])
        {
            if (!element.TryGetProperty(name, out JsonElement member))
                continue;
            if (member.ValueKind != JsonValueKind.String || TextOf(member) is not { } text)
                return $"\"{name}\" is not a string";
            texts[name] = text;
        }
        bool isPassing = false;
        if (element.TryGetProperty("isPassing", out JsonElement passing))
        {
            if (passing.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                return "\"isPassing\" is neither true nor false";
            isPassing = passing.GetBoolean();
        }
        if (texts.GetValueOrDefault("kind") is not { } kind)
            return "\"kind\" is missing";
        // Enum.TryParse alone would also accept numbers and comma-separated lists.
        if (!Enum.GetNames<ChangeKind>().Contains(kind))
            return $"unknown kind \"{Escape(kind)}\"";
        change = new Change
        {
            Kind = Enum.Parse<ChangeKind>(kind),
            Path = texts.GetValueOrDefault("path") ?? "",
            Aside = texts.GetValueOrDefault("aside"),
            Hash = texts.GetValueOrDefault("hash"),
            Name = texts.GetValueOrDefault("name"),
            IsPassing = isPassing,
        };
        return null;
    }

    /// <summary>Why the change must not be undone; null if it may be.</summary>
    private static string? ProblemOf(Change change) =>
        change.Kind switch
        {
            ChangeKind.MadeFolder => PathProblem(change.Path),
            ChangeKind.OwnsLogs => PathProblem(change.Path)
                ?? (Is(change.Path, "fastgate", StringComparison.OrdinalIgnoreCase) ? null : NotOurs(change.Path)),
            ChangeKind.WroteFile => FileProblem(change.Path)
                ?? (change.Hash is { } hash && Sha256.IsMatch(hash) ? null : "\"hash\" is missing or not a SHA-256"),
            ChangeKind.MovedFile => FileProblem(change.Path) ?? AsideProblem(change),
            ChangeKind.LoadedAgent => LabelProblem(change.Name),
            ChangeKind.UnloadedAgent => LabelProblem(change.Name)
                ?? PathProblem(change.Path)
                ?? (change.Path.EndsWith(".plist", StringComparison.Ordinal) ? null : NotOurs(change.Path)),
            ChangeKind.StoppedBrew => change.Name is { } name && Formula.IsMatch(name)
                ? null
                : "\"name\" is missing or not a Homebrew service",
            ChangeKind.EnabledUnit when change.Name == InstallPaths.WarmUnitName => null,
            ChangeKind.EnabledUnit or ChangeKind.StoppedUnit or ChangeKind.StartedUnit => change.Name
            == InstallPaths.UnitName
                ? null
                : $"\"name\" is not {InstallPaths.UnitName}",
            _ => null,
        };

    private static bool IsOtherSystem(ChangeKind kind, bool isMac) =>
        kind switch
        {
            ChangeKind.LoadedAgent or ChangeKind.UnloadedAgent or ChangeKind.StoppedBrew => !isMac,
            ChangeKind.ReloadedManager
            or ChangeKind.EnabledUnit
            or ChangeKind.StoppedUnit
            or ChangeKind.StartedUnit
            or ChangeKind.EnabledLinger => isMac,
            _ => false,
        };

    private static string? LabelProblem(string? name) =>
        AgentLabel.TryParse(name ?? "", out _, out _) ? null : "\"name\" is missing or not a label";

    // The folders depend on environment variables, which may have changed since; the file names do not.
    private static string? FileProblem(string path) =>
        PathProblem(path) ?? (FileNames.Any(name => Is(path, name)) || IsAgentFile(path) ? null : NotOurs(path));

    private static bool IsAgentFile(string path) =>
        path.EndsWith(".plist", StringComparison.Ordinal)
        && Path.GetFileName(Path.GetDirectoryName(path)) == "LaunchAgents";

    private static string? AsideProblem(Change change)
    {
        if (change.Aside is not { } aside)
            return "\"aside\" is missing";
        string suffix = aside.StartsWith(change.Path, StringComparison.Ordinal) ? aside[change.Path.Length..] : "";
        return AsideSuffix.IsMatch(suffix) ? null : $"\"aside\" is not a name that install uses: {Escape(aside)}";
    }

    private static string? PathProblem(string path) =>
        path.Length == 0 ? "\"path\" is missing"
        : path.Any(char.IsControl) ? $"\"path\" has a control character: {Escape(path)}"
        : !Path.IsPathRooted(path) || Path.GetFullPath(path) == "/"
            ? $"\"path\" is not an absolute path: {Escape(path)}"
        : null;

    private static bool Is(string path, string name, StringComparison comparison = StringComparison.Ordinal) =>
        Path.GetFileName(path).Equals(name, comparison);

    private static string NotOurs(string path) => $"\"path\" is not a path that install writes: {Escape(path)}";

    // JSON can hold half of a surrogate pair, which is not a valid string.
    private static string? TextOf(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // The text is printed to a terminal.
    private static string Escape(string text) =>
        string.Concat(
            text.Take(200).Select(letter => letter is >= ' ' and <= '~' ? letter.ToString() : $"\\u{(int)letter:X4}")
        );
}
