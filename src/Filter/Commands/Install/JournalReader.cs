using System.Text.Json;
using System.Text.RegularExpressions;
using FastGate.Config;
using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>
/// Reads a journal and checks all of it before anything is done by it: a file that was damaged or written by somebody
/// else must not make <c>uninstall</c> do a deed that <c>install</c> cannot have prepared.
/// </summary>
internal static class JournalReader
{
    // Not generated: the name of generated code has the build's folder in it, and the same source gave another program.
    private static readonly Regex Sha256 = new("^[0-9a-f]{64}\\z", RegexOptions.CultureInvariant);
    private static readonly Regex Formula = new("^[a-z0-9][a-z0-9@._+-]*\\z", RegexOptions.CultureInvariant);
    private static readonly Regex AsideTail = new(
        "^\\.(before-fastgate|previous)(-[1-9][0-9]{0,5})?\\z",
        RegexOptions.CultureInvariant
    );

    // A journal has some twenty deeds of at most a few hundred bytes.
    private const int BytesMax = 1024 * 1024;

    private static readonly string[] Members = ["kind", "path", "aside", "hash", "name", "isPassing"];

    /// <param name="path">For messages.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="isMac">Which system's deeds may be in it; null for both.</param>
    /// <exception cref="InvalidDataException">It is no journal; the message says where and why.</exception>
    public static List<Change> Read(string path, byte[] bytes, bool? isMac = null)
    {
        try
        {
            if (bytes.Length > BytesMax)
                throw new FormatException($"it is larger than {BytesMax / 1024} KiB");
            using JsonDocument document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
                throw new FormatException("it is not a list");
            return [.. document.RootElement.EnumerateArray().Select((element, index) => Deed(element, index, isMac))];
        }
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException(
                $"{path} cannot be read: {broken.Message.TrimEnd('.')}. Nothing was changed.",
                broken
            );
        }
    }

    private static Change Deed(JsonElement element, int index, bool? isMac)
    {
        string? problem =
            element.ValueKind == JsonValueKind.Object
                ? element.EnumerateObject().FirstOrDefault(member => !Members.Contains(member.Name))
                    is { Value.ValueKind: not JsonValueKind.Undefined } odd
                    ? $"\"{Shown(odd.Name)}\" is unknown"
                    : null
                : "it is not an object";
        Change? deed = null;
        problem ??= TryRead(element, out deed);
        problem ??=
            isMac is { } mac && IsOtherSystems(deed!.Kind, mac) ? $"{deed.Kind} is a deed of another system" : null;
        problem ??= ProblemOf(deed!);
        return problem is null ? deed! : throw new FormatException($"entry {index + 1}: {problem}");
    }

    private static string? TryRead(JsonElement element, out Change? deed)
    {
        deed = null;
        Dictionary<string, string?> texts = [];
        foreach (string name in Members[..^1])
        {
            if (!element.TryGetProperty(name, out JsonElement member))
                continue;
            if (member.ValueKind != JsonValueKind.String || TextOf(member) is not { } text)
                return $"\"{name}\" is not a text";
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
        // Enum.TryParse alone would take numbers, and lists of kinds.
        if (!Enum.GetNames<ChangeKind>().Contains(kind))
            return $"its kind \"{Shown(kind)}\" is unknown";
        deed = new Change
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

    /// <summary>Why its inverse must not be done; null if it may.</summary>
    private static string? ProblemOf(Change deed) =>
        deed.Kind switch
        {
            ChangeKind.MadeFolder => PathProblem(deed.Path),
            ChangeKind.OwnsLogs => PathProblem(deed.Path)
                ?? (Is(deed.Path, "fastgate", StringComparison.OrdinalIgnoreCase) ? null : NotOurs(deed.Path)),
            ChangeKind.WroteFile => FileProblem(deed.Path)
                ?? (deed.Hash is { } hash && Sha256.IsMatch(hash) ? null : "\"hash\" is missing, or is no SHA-256"),
            ChangeKind.MovedFile => FileProblem(deed.Path) ?? AsideProblem(deed),
            ChangeKind.LoadedAgent => LabelProblem(deed.Name),
            ChangeKind.UnloadedAgent => LabelProblem(deed.Name)
                ?? PathProblem(deed.Path)
                ?? (deed.Path.EndsWith(".plist", StringComparison.Ordinal) ? null : NotOurs(deed.Path)),
            ChangeKind.StoppedBrew => deed.Name is { } name && Formula.IsMatch(name)
                ? null
                : "\"name\" is missing, or is no service of Homebrew's",
            ChangeKind.EnabledUnit or ChangeKind.StoppedUnit or ChangeKind.StartedUnit => deed.Name
            == InstallPaths.UnitName
                ? null
                : $"\"name\" is not {InstallPaths.UnitName}",
            _ => null,
        };

    private static bool IsOtherSystems(ChangeKind kind, bool isMac) =>
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
        AgentLabel.TryParse(name ?? "", out _, out _) ? null : "\"name\" is missing, or is no label";

    // The folders depend on variables that may be others today; the names do not.
    private static string? FileProblem(string path) =>
        PathProblem(path)
        ?? (
            ((string[])["fastgate", ConfigPath.FileName, InstallPaths.UnitName]).Any(name => Is(path, name))
            || IsAgents(path)
                ? null
                : NotOurs(path)
        );

    private static bool IsAgents(string path) =>
        path.EndsWith(".plist", StringComparison.Ordinal)
        && Path.GetFileName(Path.GetDirectoryName(path)) == "LaunchAgents";

    private static string? AsideProblem(Change deed)
    {
        if (deed.Aside is not { } aside)
            return "\"aside\" is missing";
        string tail = aside.StartsWith(deed.Path, StringComparison.Ordinal) ? aside[deed.Path.Length..] : "";
        return AsideTail.IsMatch(tail) ? null : $"\"aside\" is no name that install gives: {Shown(aside)}";
    }

    private static string? PathProblem(string path) =>
        path.Length == 0 ? "\"path\" is missing"
        : path.Any(char.IsControl) ? $"\"path\" has a control character: {Shown(path)}"
        : !Path.IsPathRooted(path) || Path.GetFullPath(path) == "/" ? $"\"path\" is not a whole path: {Shown(path)}"
        : null;

    private static bool Is(string path, string name, StringComparison comparison = StringComparison.Ordinal) =>
        Path.GetFileName(path).Equals(name, comparison);

    private static string NotOurs(string path) => $"\"path\" is nothing that install writes: {Shown(path)}";

    // Half of a surrogate pair can be written in JSON, and is no text.
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

    // It goes to a terminal.
    private static string Shown(string text) =>
        string.Concat(
            text.Take(200).Select(letter => letter is >= ' ' and <= '~' ? letter.ToString() : $"\\u{(int)letter:X4}")
        );
}
