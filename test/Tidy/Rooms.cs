using System.Text.RegularExpressions;

namespace FastGate.Test.Tidy;

/// <summary>The rooms, the dependencies allowed between them, and a check of a tree against them.</summary>
internal static partial class Rooms
{
    private static readonly string[] Proxy =
    [
        "Proxy/Rules",
        "Proxy/Wire",
        "Proxy/Transport",
        "Proxy/AccessLog",
        "Proxy/Metrics",
        "Proxy/Listening",
        "Proxy/Upstream",
        "Proxy/Gate",
        "Proxy/Admin",
    ];

    private static readonly string[] BelowCommands =
    [
        .. Proxy,
        "Config",
        "Host",
        "Host/Servers",
        "Host/Systemd",
        "Launchd",
    ];

    /// <summary>The table of rooms: what each one may use.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Table = new Dictionary<string, string[]>
    {
        ["Proxy/Rules"] = [],
        ["Proxy/Wire"] = [],
        ["Proxy/Transport"] = [],
        ["Proxy/AccessLog"] = ["Proxy/Transport"],
        ["Proxy/Metrics"] = ["Proxy/AccessLog"],
        ["Proxy/Listening"] = ["Proxy/Transport"],
        ["Proxy/Upstream"] = ["Proxy/Transport"],
        ["Proxy/Gate"] = [.. Proxy.Where(room => room is not ("Proxy/Gate" or "Proxy/Admin"))],
        ["Proxy/Admin"] = ["Proxy/Metrics", "Proxy/Transport", "Proxy/Wire"],
        ["Config"] = ["Proxy/Gate", "Proxy/Rules", "Proxy/Listening", "Proxy/Upstream", "Proxy/Transport"],
        ["Host"] = ["Proxy/Listening", "Proxy/Transport", "Config", "Launchd"],
        ["Host/Systemd"] = ["Launchd"],
        ["Host/Servers"] = ["Host", "Host/Systemd", "Proxy/Transport", "Launchd"],
        ["Launchd"] = [],
        ["Commands/Shared"] = BelowCommands,
        ["Commands/Run"] = [.. BelowCommands, "Commands/Shared"],
        ["Commands/Check"] = [.. BelowCommands, "Commands/Shared"],
        ["Commands/Status"] = [.. BelowCommands, "Commands/Shared"],
        ["Commands/Clients"] = [.. BelowCommands, "Commands/Shared"],
        ["Commands/Shell"] = [.. BelowCommands, "Commands/Shared"],
        ["Commands/Demo"] = [.. BelowCommands, "Commands/Shared"],
        ["Commands/Logs"] = [.. BelowCommands, "Commands/Shared"],
        ["Commands/Warm"] = [.. BelowCommands, "Commands/Shared"],
        ["Commands/Doctor"] = [.. BelowCommands, "Commands/Shared"],
        ["Commands/Service"] = [.. BelowCommands, "Commands/Shared"],
        // install verifies an installation with doctor's own checks, and prints the settings of clients.
        ["Commands/Install"] =
        [
            .. BelowCommands,
            "Commands/Shared",
            "Commands/Shell",
            "Commands/Doctor",
            "Commands/Clients",
        ],
        ["Commands"] =
        [
            "Commands/Shared",
            "Commands/Install",
            "Commands/Check",
            "Commands/Clients",
            "Commands/Shell",
            "Commands/Demo",
            "Commands/Logs",
            "Commands/Warm",
            "Commands/Run",
            "Commands/Status",
            "Commands/Doctor",
            "Commands/Service",
        ],
        // Program.cs.
        [""] = ["Commands", "Commands/Shared"],
    };

    /// <summary>The name of a room in code: its last part.</summary>
    private static readonly Dictionary<string, string> ByLastName = Table
        .Keys.Where(room => room != "")
        .ToDictionary(room => room[(room.LastIndexOf('/') + 1)..]);

    /// <summary>Returns one sentence for each dependency that the table does not allow.</summary>
    public static IReadOnlyList<string> Violations(IReadOnlyList<SourceFile> tree)
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

    /// <summary>
    /// Types in the namespace FastGate itself are visible to every room without a declared dependency.
    /// </summary>
    private static IEnumerable<string> OutsideOfRooms(IReadOnlyList<SourceFile> tree) =>
        from file in tree
        where file.IsCSharp && file.Room == "" && file.Path != "src/Filter/Program.cs"
        select $"{file.Path} is in no room";

    /// <summary>A global using would be a dependency of every room.</summary>
    private static IEnumerable<string> Hidden(IReadOnlyList<SourceFile> tree) =>
        from file in tree
        where file.IsCSharp ? GlobalUsing().IsMatch(file.Code) : ProjectUsing().IsMatch(file.Text)
        select $"{file.Path} has a using for all rooms";

    private static IEnumerable<string> Arrows(SourceFile file, ILookup<string, string> types)
    {
        IEnumerable<string> qualified = Qualified().Matches(file.Code).Select(RoomOf).OfType<string>();

        // A room can be named without the prefix FastGate, since every namespace is inside it. What follows the name
        // distinguishes a room from a property of the same name.
        IEnumerable<string> meant = PartlyQualified()
            .Matches(file.Code)
            .Select(m => (Room: ByLastName.GetValueOrDefault(m.Groups["room"].Value), Type: m.Groups["type"].Value))
            .Where(m => m.Room is not null && types[m.Room].Contains(m.Type))
            .Select(m => m.Room!);

        return from room in qualified.Concat(meant).Distinct()
            where room != file.Room && !Table.GetValueOrDefault(file.Room, []).Contains(room)
            select $"{file.Path} uses {room}, which {(file.Room == "" ? "it" : file.Room)} may not";
    }

    private static string? RoomOf(Match match)
    {
        string first = match.Groups["first"].Value;
        string both = $"{first}/{match.Groups["second"].Value}";
        return Table.ContainsKey(both) ? both
            : Table.ContainsKey(first) ? first
            : null;
    }

    [GeneratedRegex(@"(?<![\w.])(?:global\s*::\s*)?FastGate\s*\.\s*(?<first>\w+)(?:\s*\.\s*(?<second>\w+))?")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.])(?<room>[A-Z]\w*)\s*\.\s*(?<type>[A-Z]\w*)")]
    private static partial Regex PartlyQualified();

    [GeneratedRegex(@"\bglobal\s+using\b[^;]*\bFastGate\b")]
    private static partial Regex GlobalUsing();

    [GeneratedRegex(@"<Using\s[^>]*\bFastGate\b")]
    private static partial Regex ProjectUsing();
}
