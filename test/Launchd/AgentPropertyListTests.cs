using FastGate.Launchd;

namespace FastGate.Test.Launchd;

[TestClass]
public sealed class AgentPropertyListTests
{
    private const string Head =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST "
        + "1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n";

    private const string Ollama =
        Head
        + """
            <plist version="1.0">
            <dict>
                <key>Label</key>
                <string>com.ollama</string>
                <!-- by hand -->
                <key>ProgramArguments</key>
                <array>
                    <string>/opt/homebrew/bin/ollama</string>
                    <string>serve</string>
                </array>
                <key>EnvironmentVariables</key>
                <dict>
                    <key>OLLAMA_HOST</key>
                    <string>0.0.0.0</string>
                    <key>OLLAMA_KEEP_ALIVE</key>
                    <string>24h</string>
                </dict>
                <key>KeepAlive</key>
                <true/>
            </dict>
            </plist>
            """;

    [TestMethod]
    public void KnownMembers_AreRead()
    {
        AgentPropertyList agent = Check(Ollama);
        Assert.AreEqual("com.ollama", agent.Label);
        Assert.AreEqual("/opt/homebrew/bin/ollama serve", string.Join(' ', agent.ProgramArguments));
        Assert.AreEqual("0.0.0.0", agent.Variable("OLLAMA_HOST"));
        Assert.IsNull(agent.Variable("OLLAMA"));
    }

    [TestMethod]
    public void ChangedVariable_PreservesTheRest()
    {
        string changed = Check(Ollama).WithVariable("OLLAMA_HOST", "127.0.0.1:11434");
        AgentPropertyList agent = Check(changed);
        Assert.AreEqual("127.0.0.1:11434", agent.Variable("OLLAMA_HOST"));
        Assert.AreEqual("24h", agent.Variable("OLLAMA_KEEP_ALIVE"));
        Assert.Contains("<!-- by hand -->", changed);
        Assert.Contains("<key>KeepAlive</key>", changed);
        Assert.StartsWith("<?xml", changed);
    }

    [TestMethod]
    [DataRow("<plist><dict><key>Label</key><string>a.b</string></dict></plist>")]
    [DataRow("<plist><dict><key>EnvironmentVariables</key><dict/></dict></plist>")]
    public void MissingVariable_IsAdded(string text) =>
        Assert.AreEqual("x", Check(Check(text).WithVariable("OLLAMA_HOST", "x")).Variable("OLLAMA_HOST"));

    [TestMethod]
    [DataRow("", "not XML")]
    [DataRow("\n<?xml version=\"1.0\"?><plist/>", "not an agent's property list")]
    [DataRow("bplist00\u0001", "binary")]
    [DataRow("<plist/>", "not an agent's property list")]
    [DataRow("<plist><array/></plist>", "not an agent's property list")]
    [DataRow("<html><dict/></html>", "not an agent's property list")]
    [DataRow(
        "<!DOCTYPE p [<!ENTITY a \"b\">]><plist><dict><key>Label</key><string>&a;</string></dict></plist>",
        "not XML"
    )]
    public void AnythingElse_IsAProblem(string text, string expected)
    {
        Assert.IsFalse(AgentPropertyList.TryRead(text, out _, out string? problem));
        Assert.Contains(expected, problem);
    }

    [TestMethod]
    [DataRow("<plist><dict><key>Label</key></dict></plist>")]
    [DataRow(
        "<plist><dict><key>Label</key><true/><key>ProgramArguments</key><true/><key>EnvironmentVariables</key><true/></dict></plist>"
    )]
    public void MembersOfAnotherType_CountAsMissing(string text)
    {
        AgentPropertyList agent = Check(text);
        Assert.IsNull(agent.Label);
        Assert.IsEmpty(agent.ProgramArguments);
        Assert.IsNull(agent.Variable("OLLAMA_HOST"));
    }

    private static AgentPropertyList Check(string text)
    {
        Assert.IsTrue(AgentPropertyList.TryRead(text, out AgentPropertyList? agent, out string? problem), problem);
        return agent!;
    }
}
