using System.Diagnostics.CodeAnalysis;
using System.Xml;
using System.Xml.Linq;

namespace FastGate.Launchd;

/// <summary>An agent's property list that somebody else may have written: what is asked of it can be read, the rest stays.</summary>
public sealed class WrittenAgent
{
    internal const string EnvironmentKey = "EnvironmentVariables";

    // Entities are not expanded and nothing is fetched: a property list needs neither.
    private static readonly XmlReaderSettings Careful = new()
    {
        DtdProcessing = DtdProcessing.Ignore,
        XmlResolver = null,
        MaxCharactersInDocument = 1024 * 1024,
    };

    private readonly XElement root;

    private WrittenAgent(XElement root) => this.root = root;

    public string? Label => Find("Label") is { } label && label.Name == "string" ? label.Value : null;

    /// <summary>The program and its arguments; only the program if the list names no more.</summary>
    public IReadOnlyList<string> ProgramArguments => Find("ProgramArguments") is { } arguments && arguments.Name == "array"
        ? [.. arguments.Elements("string").Select(argument => argument.Value)]
        : Find("Program") is { } program ? [program.Value] : [];

    /// <summary>The value of a variable that the agent sets; null if it does not set it.</summary>
    public string? Variable(string name) =>
        Find(EnvironmentKey) is { } environment && environment.Name == "dict" ? Find(environment, name)?.Value : null;

    /// <summary>Reads the XML form; the binary form and what is no agent are a problem.</summary>
    public static bool TryRead(
        string text, [NotNullWhen(true)] out WrittenAgent? agent, [NotNullWhen(false)] out string? problem)
    {
        agent = null;
        problem = null;
        try
        {
            using XmlReader reader = XmlReader.Create(new StringReader(text), Careful);
            XElement root = XDocument.Load(reader).Root!;
            if (root.Name == "plist" && root.Element("dict") is not null) agent = new WrittenAgent(root);
            else problem = "it is no property list of an agent";
        }
        catch (XmlException broken)
        {
            // Owners edit these by hand.
            problem = text.StartsWith("bplist", StringComparison.Ordinal) ? "it is a binary property list"
                : $"it is not XML: {broken.Message.TrimEnd('.')}";
        }
        return agent is not null;
    }

    /// <summary>The same property list with one variable set, whatever else it says.</summary>
    public string WithVariable(string name, string value)
    {
        XElement changed = new(root);
        XElement members = changed.Element("dict")!;
        XElement? environment = Find(members, EnvironmentKey);
        if (environment is null) PropertyList.Add(members, EnvironmentKey, environment = new XElement("dict"));
        if (Find(environment, name) is { } present) present.ReplaceWith(PropertyList.Text(value));
        else PropertyList.Add(environment, name, PropertyList.Text(value));
        return PropertyList.Write(changed);
    }

    private XElement? Find(string key) => Find(root.Element("dict")!, key);

    private static XElement? Find(XElement dictionary, string key) =>
        dictionary.Elements("key").FirstOrDefault(element => element.Value == key)?.ElementsAfterSelf().FirstOrDefault();
}
