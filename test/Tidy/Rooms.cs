using System.Text.RegularExpressions;

namespace FastGate.Test.Tidy;

/// <summary>The rooms, the arrows between them that are allowed, and what a tree has beyond that.</summary>
internal static partial class Rooms
{
    private static readonly string[] All =
    [
        "Rules",
        "Wire",
        "Transport",
        "AccessLog",
        "Metrics",
        "Net",
        "Upstream",
        "Gate",
        "Scrape",
        "Config",
        "Demo",
        "Doctor",
        "Systemd",
        "Install",
        "Review",
        "Warm",
        "Launchd",
    ];

    /// <summary>The table of the rooms: what each may use.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Table = new Dictionary<string, string[]>
    {
        ["Rules"] = [],
        ["Wire"] = [],
        ["Transport"] = [],
        ["AccessLog"] = ["Transport"],
        ["Metrics"] = ["AccessLog"],
        ["Net"] = ["Transport"],
        ["Upstream"] = ["Transport"],
        ["Gate"] = ["Rules", "Wire", "AccessLog", "Metrics", "Net", "Upstream", "Transport"],
        ["Scrape"] = ["Metrics", "Transport", "Wire"],
        ["Config"] = ["Gate", "Rules", "Net", "Upstream", "Transport"],
        ["Demo"] = ["Wire", "Transport"],
        ["Doctor"] = ["Config", "Rules", "Net", "Transport", "Install", "Launchd", "Systemd"],
        ["Systemd"] = ["Launchd"],
        ["Install"] = ["Config", "Rules", "Net", "Transport", "Launchd", "Systemd"],
        ["Review"] = ["AccessLog", "Rules", "Net", "Launchd"],
        ["Warm"] = ["Transport"],
        ["Cli"] = All,
        ["Launchd"] = [],

        // Program.cs, which builds the objects and hands them down.
        [""] = [.. All, "Cli"],
    };

    /// <summary>One sentence for each thing that the table does not allow.</summary>
    public static IReadOnlyList<string> Findings(IReadOnlyList<SourceFile> tree)
    {
        ILookup<string, string> types = tree.Where(f => f.IsCSharp)
            .SelectMany(f => TypeDeclaration.In(f.Code), (f, type) => (f.Room, type.Name))
            .ToLookup(t => t.Room, t => t.Name);
        return
        [
            .. Unknown(tree),
            .. OutsideOfRooms(tree),
            .. Hidden(tree),
            .. tree.Where(f => f.IsCSharp).SelectMany(f => Arrows(f, types)),
        ];
    }

    private static IEnumerable<string> Unknown(IReadOnlyList<SourceFile> tree) =>
        from room in tree.Select(f => f.Room).Distinct()
        where !Table.ContainsKey(room)
        select $"src/Filter/{room} is missing from the table of the rooms";

    /// <summary>What is in the namespace FastGate is seen by every room without an arrow.</summary>
    private static IEnumerable<string> OutsideOfRooms(IReadOnlyList<SourceFile> tree) =>
        from file in tree
        where file.IsCSharp && file.Room == "" && file.Path != "src/Filter/Program.cs"
        select $"{file.Path} is in no room";

    /// <summary>A using for all files would be an arrow from all rooms.</summary>
    private static IEnumerable<string> Hidden(IReadOnlyList<SourceFile> tree) =>
        from file in tree
        where file.IsCSharp ? GlobalUsing().IsMatch(file.Code) : ProjectUsing().IsMatch(file.Text)
        select $"{file.Path} has a using for all rooms";

    private static IEnumerable<string> Arrows(SourceFile file, ILookup<string, string> types)
    {
        IEnumerable<string> said = Qualified()
            .Matches(file.Code)
            .Select(m => m.Groups["room"].Value)
            .Where(Table.ContainsKey);

        // A room can be named without FastGate before it, since every namespace here lies in that one. A property that
        // is called like a room is told from it by what follows.
        IEnumerable<string> meant = PartlyQualified()
            .Matches(file.Code)
            .Where(m => types[m.Groups["room"].Value].Contains(m.Groups["type"].Value))
            .Select(m => m.Groups["room"].Value);

        return from room in said.Concat(meant).Distinct()
            where room != file.Room && !Table.GetValueOrDefault(file.Room, []).Contains(room)
            select $"{file.Path} uses {room}, which {(file.Room == "" ? "it" : file.Room)} may not";
    }

    [GeneratedRegex(@"(?<![\w.])(?:global\s*::\s*)?FastGate\s*\.\s*(?<room>\w+)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.])(?<room>[A-Z]\w*)\s*\.\s*(?<type>[A-Z]\w*)")]
    private static partial Regex PartlyQualified();

    [GeneratedRegex(@"\bglobal\s+using\b[^;]*\bFastGate\b")]
    private static partial Regex GlobalUsing();

    [GeneratedRegex(@"<Using\s[^>]*\bFastGate\b")]
    private static partial Regex ProjectUsing();
}
