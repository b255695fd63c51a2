using System.Text.RegularExpressions;

namespace FastGate.Test.Tidy;

/// <summary>
/// The layout rules for each file of src, apart from the rooms. Each rule returns one sentence per violation.
/// </summary>
internal static partial class Tidiness
{
    public const int LinesMax = 300;
    public const int ColumnsMax = 120;

    /// <summary>Nothing below Commands writes to the console; the access log may be sent to standard output by its file name
    /// "-".</summary>
    private const string StandardOutput = "Console.OpenStandardOutput()";
    private const string StandardOutputFile = "src/Filter/Proxy/AccessLog/AccessLogWriter.cs";

    private static readonly (string Room, Regex Words)[] KeptIn =
    [
        ("Proxy/Transport", Native()),
        ("Proxy/Transport", new Regex(@"\bSocketException\b")),
        // Its generated name contains the build folder, which would make builds of the same source differ: forbidden in
        // every room.
        ("nowhere", new Regex(@"\bGeneratedRegex\b")),
        ("Commands", new Regex(@"\bSystem\.CommandLine\b")),
        ("Commands", new Regex(@"\bSpectre\b")),
        ("Commands", new Regex(@"\bMicrosoft\.Extensions\.Logging\.Console\b")),
        ("Commands", new Regex(@"\bAdd(?:Simple|Json|Systemd)?Console(?:Formatter)?\b")),
        ("Commands", new Regex(@"(?<!\bSpectre\.)\bConsole\s*\.|\bSystem\.Console\b")),
    ];

    public static IReadOnlyList<string> Violations(IReadOnlyList<SourceFile> tree) =>
        [
            .. from file in tree
            where file.IsCSharp
            from violation in (string[])
                [.. TooLong(file), .. TooWide(file), .. WithoutSummary(file, tree), .. OutOfItsRoom(file)]
            select $"{file.Path}: {violation}",
        ];

    /// <summary>
    /// In tests, lines with a literal may be longer: the formatter does not split literals, and data rows read better
    /// whole.
    /// </summary>
    private static IEnumerable<string> TooWide(SourceFile file) =>
        from line in file.Text.Split('\n').Index()
        where line.Item.Length > ColumnsMax
        where
            file.Path.StartsWith("src/", StringComparison.Ordinal) || !line.Item.Contains('"', StringComparison.Ordinal)
        select $"line {line.Index + 1} has {line.Item.Length} columns, more than {ColumnsMax}";

    private static IEnumerable<string> TooLong(SourceFile file)
    {
        int lines = file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1;
        if (lines > LinesMax)
            yield return $"{lines} lines are more than {LinesMax}";
    }

    /// <summary>The nested class Log needs no summary, and a partial type needs only one.</summary>
    private static IEnumerable<string> WithoutSummary(SourceFile file, IReadOnlyList<SourceFile> tree) =>
        from type in TypeDeclaration.In(file.Code)
        where type.Name != "Log" && !HasSummary(file, type)
        where
            !tree.Any(f =>
                f.IsCSharp
                && f.Room == file.Room
                && TypeDeclaration.In(f.Code).Any(t => t.Name == type.Name && HasSummary(f, t))
            )
        select $"{type.Name} has no <summary>";

    /// <summary>
    /// Searches upwards from the declaration, past attributes and the rest of the comment, to the preceding code.
    /// </summary>
    private static bool HasSummary(SourceFile file, TypeDeclaration type)
    {
        string[] lines = file.Text.Split('\n');
        return lines
            .Take(type.Line)
            .Reverse()
            .TakeWhile(line => line.Trim() is not ("" or [.., ';'] or [.., '{'] or [.., '}']) || IsComment(line))
            .Any(line => IsComment(line) && line.Contains("<summary>", StringComparison.Ordinal));
    }

    private static bool IsComment(string line) => line.AsSpan().TrimStart().StartsWith("///");

    private static IEnumerable<string> OutOfItsRoom(SourceFile file)
    {
        string code =
            file.Path == StandardOutputFile
                ? file.Code.Replace(StandardOutput, "", StringComparison.Ordinal)
                : file.Code;
        return from kept in KeptIn
            where file.Room != kept.Room && !file.Room.StartsWith(kept.Room + "/", StringComparison.Ordinal)
            from match in kept.Words.Matches(code)
            select $"{match.Value} belongs to {kept.Room}";
    }

    [GeneratedRegex(@"\b(?:DllImport|LibraryImport|NativeLibrary)\b")]
    private static partial Regex Native();
}
