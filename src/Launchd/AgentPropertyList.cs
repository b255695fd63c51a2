using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Xml.Linq;

namespace FastGate.Launchd;

/// <summary>An existing property list of an agent: known members can be read, and the rest is preserved.</summary>
public sealed class AgentPropertyList
{
    internal const string EnvironmentKey = "EnvironmentVariables";

    private readonly XElement _root;

    private AgentPropertyList(XElement root) => _root = root;

    public string? Label => Find("Label") is { } label && label.Name == "string" ? label.Value : null;

    /// <summary>The program and its arguments; only the program if it has no list of arguments.</summary>
    public IReadOnlyList<string> ProgramArguments =>
        Find("ProgramArguments") is { } arguments && arguments.Name == "array"
            ? [.. arguments.Elements("string").Select(argument => argument.Value)]
        : Find("Program") is { } program ? [program.Value]
        : [];

    /// <summary>Whether it sets environment variables.</summary>
    public bool HasEnvironment => Find(EnvironmentKey) is { } environment && environment.Name == "dict";

    /// <summary>The value of an environment variable; null if the agent does not set it.</summary>
    public string? Variable(string name) =>
        Find(EnvironmentKey) is { } environment
        && environment.Name == "dict"
        && Find(environment, name) is { } value
        && value.Name == "string"
            ? value.Value
            : null;

    /// <summary>Reads the XML or binary form; anything else is a problem.</summary>
    public static bool TryRead(
        byte[] bytes,
        [NotNullWhen(true)] out AgentPropertyList? agent,
        [NotNullWhen(false)] out string? problem
    )
    {
        (agent, problem) = (null, null);
        try
        {
            XElement root = PropertyListReader.Read(bytes);
            if (root.Name == "plist" && root.Element("dict") is not null)
                agent = new AgentPropertyList(root);
            else
                problem = "it is not an agent's property list";
        }
        catch (FormatException exception)
        {
            problem = exception.Message;
        }
        return agent is not null;
    }

    /// <summary>Reads a property list from a string.</summary>
    public static bool TryRead(
        string text,
        [NotNullWhen(true)] out AgentPropertyList? agent,
        [NotNullWhen(false)] out string? problem
    ) => TryRead(Encoding.UTF8.GetBytes(text), out agent, out problem);

    /// <summary>Reads a property list from a file; a missing or unreadable file is a problem.</summary>
    public static bool TryReadFile(
        string path,
        [NotNullWhen(true)] out AgentPropertyList? agent,
        [NotNullWhen(false)] out string? problem
    )
    {
        try
        {
            // A pipe has no length, and reading it would never end.
            if (new FileInfo(path).Length > 0)
                return TryRead(File.ReadAllBytes(path), out agent, out problem);
            (agent, problem) = (null, "it is empty");
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            (agent, problem) = (
                null,
                exception is UnauthorizedAccessException ? "permission denied" : exception.Message
            );
            return false;
        }
    }

    /// <summary>The same property list with one variable set; everything else is preserved.</summary>
    public string WithVariable(string name, string value) => WithVariables((name, value));

    /// <summary>The same property list with several variables set.</summary>
    public string WithVariables(params (string Name, string Value)[] variables)
    {
        XElement changed = new(_root);
        XElement members = changed.Element("dict")!;
        XElement? environment = Find(members, EnvironmentKey);
        if (environment is null)
            PropertyList.Add(members, EnvironmentKey, environment = new XElement("dict"));
        else if (environment.Name != "dict")
        {
            // launchd ignores any other type here.
            XElement dictionary = new("dict");
            environment.ReplaceWith(dictionary);
            environment = dictionary;
        }
        foreach ((string name, string value) in variables)
        {
            if (Find(environment, name) is { } present)
                present.ReplaceWith(PropertyList.Text(value));
            else
                PropertyList.Add(environment, name, PropertyList.Text(value));
        }
        return PropertyList.Write(changed);
    }

    private XElement? Find(string key) => Find(_root.Element("dict")!, key);

    // Of a duplicate key, Apple's reader keeps the last.
    private static XElement? Find(XElement dictionary, string key) =>
        dictionary.Elements("key").LastOrDefault(element => element.Value == key)?.ElementsAfterSelf().FirstOrDefault()
            is { } value
        && value.Name != "key"
            ? value
            : null;
}
