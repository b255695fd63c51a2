using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace FastGate.Launchd;

/// <summary>Writes property lists as XML (plist(5)), in the form that Apple's tools write.</summary>
public static class PropertyList
{
    private static readonly XmlWriterSettings Settings = new()
    {
        // No byte order mark: a strict parser expects "<?xml" at byte 0.
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        IndentChars = "\t",
        NewLineChars = "\n",
        // Without this, a carriage return inside a value would not survive reading (XML 1.0 §2.11).
        NewLineHandling = NewLineHandling.Entitize,
    };

    /// <exception cref="ArgumentException">A value contains a character that XML cannot hold, such as NUL.</exception>
    public static string Write(Agent agent)
    {
        XElement members = new("dict");
        Add(members, "Label", Text(agent.Label.Name));
        Add(members, "ProgramArguments", new XElement("array", agent.ProgramArguments.Select(Text)));
        if (agent.Environment.Count > 0)
            Add(members, AgentPropertyList.EnvironmentKey, Dictionary(agent.Environment));
        Add(members, "RunAtLoad", Boolean(agent.RunAtLoad));
        Add(members, "KeepAlive", Boolean(agent.KeepAlive));
        if (agent.ProcessType is { } type)
            Add(members, "ProcessType", Text(type));
        if (agent.ThrottleSeconds is { } throttle)
            Add(members, "ThrottleInterval", Number(throttle));
        if (agent.ExitTimeOutSeconds is { } exit)
            Add(members, "ExitTimeOut", Number(exit));
        if (agent.FilesMax is { } files)
            AddFilesMax(members, files);
        if (agent.StandardOutPath is { } output)
            Add(members, "StandardOutPath", Text(output));
        if (agent.StandardErrorPath is { } error)
            Add(members, "StandardErrorPath", Text(error));
        return Write(new XElement("plist", new XAttribute("version", "1.0"), members));
    }

    internal static string Write(XElement root)
    {
        XDocument document = new(
            new XDocumentType(
                "plist",
                "-//Apple//DTD PLIST 1.0//EN",
                "http://www.apple.com/DTDs/PropertyList-1.0.dtd",
                null
            ),
            root
        );
        using MemoryStream bytes = new();
        using (XmlWriter writer = XmlWriter.Create(bytes, Settings))
            document.Save(writer);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + '\n';
    }

    internal static void Add(XElement dictionary, string key, XElement value) =>
        dictionary.Add(new XElement("key", key), value);

    internal static XElement Text(string value) => new("string", value);

    // The soft limit is the one that applies; a process may not raise it above the hard one, which launchd leaves
    // unlimited.
    private static void AddFilesMax(XElement members, int files)
    {
        XElement limits = new("dict");
        Add(limits, "NumberOfFiles", Number(files));
        Add(members, "SoftResourceLimits", limits);
    }

    private static XElement Dictionary(IReadOnlyList<KeyValuePair<string, string>> entries)
    {
        XElement dictionary = new("dict");
        foreach ((string key, string value) in entries)
            Add(dictionary, key, Text(value));
        return dictionary;
    }

    private static XElement Boolean(bool value) => new(value ? "true" : "false");

    private static XElement Number(int value) => new("integer", value.ToString(CultureInfo.InvariantCulture));
}
