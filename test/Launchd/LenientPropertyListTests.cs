using System.Text;
using FastGate.Launchd;
using FastGate.Test.Support;

namespace FastGate.Test.Launchd;

/// <summary>Property lists that launchd accepts. Those that .NET's XML reader rejects were once replaced completely,
/// and other settings, such as OLLAMA_ORIGINS, were lost.</summary>
[TestClass]
public sealed class LenientPropertyListTests
{
    private const string Body = """
        <plist version="1.0"><dict>
          <key>Label</key><string>com.ollama</string>
          <key>ProgramArguments</key><array><string>/opt/homebrew/bin/ollama</string><string>serve</string></array>
          <key>EnvironmentVariables</key><dict><key>OLLAMA_ORIGINS</key><string>*</string></dict>
        </dict></plist>
        """;

    private const string Xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    private const string Doctype =
        "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">";

    [TestMethod]
    [DataRow(Body)]
    [DataRow(Xml + Body)]
    [DataRow(Xml + Doctype + Body)]
    [DataRow("\uFEFF" + Xml + Doctype + Body)]
    [DataRow("\n\r\t " + Xml + "\n" + Doctype + Body)]
    [DataRow(" \uFEFF" + Xml + Body)]
    [DataRow(Xml + "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\">" + Body)]
    [DataRow(Xml + "<!DOCTYPE plist SYSTEM \"file:///etc/passwd\">" + Body)]
    [DataRow(Xml + "<!DOCTYPE plist>" + Body)]
    [DataRow(Xml + "<!doctype plist>" + Body)]
    [DataRow(Xml + "<!DOCTYPE plist [<!ENTITY a \"]>\"><!-- no --> ]>" + Body)]
    [DataRow("<!-- com.ollama.plist -->" + Xml + Doctype + Body)]
    [DataRow("<!-- <plist> --><!-- b -->\n" + Xml + "<!-- c -->" + Doctype + "<!-- d -->" + Body)]
    [DataRow(Xml + Xml + Body)]
    [DataRow(Xml + Body + "\nleft behind by an editor")]
    [DataRow(Xml + Body + "</plist>")]
    public void WhatLaunchdAccepts_IsRead(string text)
    {
        AgentPropertyList agent = Check(Encoding.UTF8.GetBytes(text));
        Assert.AreEqual("com.ollama", agent.Label);
        Assert.AreEqual("*", agent.Variable("OLLAMA_ORIGINS"));

        AgentPropertyList changed = Check(Encoding.UTF8.GetBytes(agent.WithVariable("OLLAMA_HOST", "127.0.0.1:11434")));
        Assert.AreEqual("*", changed.Variable("OLLAMA_ORIGINS"));
        Assert.AreEqual("127.0.0.1:11434", changed.Variable("OLLAMA_HOST"));
        Assert.AreEqual("/opt/homebrew/bin/ollama serve", string.Join(' ', changed.ProgramArguments));
    }

    [TestMethod]
    [DataRow("B1-com.ollama.server.plist", "com.ollama.server", "0.0.0.0:11434", null)]
    [DataRow("B3-com.ollama-short-doctype.plist", "com.ollama", null, "*")]
    [DataRow("B4-com.ollama-comment-first.plist", "com.ollama", null, null)]
    [DataRow("B6-com.ollama-only-a-port.plist", "com.ollama", ":11434", null)]
    [DataRow("B8-com.ollama-binary.plist", "com.ollama", null, "*")]
    [DataRow("B8b-every-kind-binary.plist", "com.ollama", "0.0.0.0", "*")]
    public void Case_IsRead_AndKeepsItsVariables(string name, string label, string? host, string? origins)
    {
        AgentPropertyList agent = Check(Bytes(name));
        Assert.AreEqual(label, agent.Label);
        Assert.AreEqual(host, agent.Variable("OLLAMA_HOST"));
        Assert.AreEqual(origins, agent.Variable("OLLAMA_ORIGINS"));
        Assert.AreEqual("serve", agent.ProgramArguments[1]);
        Assert.AreEqual(
            origins,
            Check(Encoding.UTF8.GetBytes(agent.WithVariable("OLLAMA_HOST", "x"))).Variable("OLLAMA_ORIGINS")
        );
    }

    [TestMethod]
    [DataRow("utf-16")]
    [DataRow("utf-16BE")]
    [DataRow("iso-8859-1")]
    public void OtherEncodings_AreRead(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        string text =
            $"<?xml version=\"1.0\" encoding=\"{name}\"?>" + Body.Replace("*", "größer", StringComparison.Ordinal);
        Assert.AreEqual(
            "größer",
            Check([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]).Variable("OLLAMA_ORIGINS")
        );
        Assert.AreEqual("größer", Check(encoding.GetBytes(text)).Variable("OLLAMA_ORIGINS"));
    }

    [TestMethod]
    public void EveryBinaryType_IsWrittenAsXml()
    {
        string written = Check(Bytes("B8b-every-kind-binary.plist")).WithVariable("OLLAMA_HOST", "127.0.0.1:11434");
        foreach (
            string part in (string[])
                [
                    "<string>größer € 😀</string>",
                    "<key>ÜMLAUT</key>",
                    "<integer>-5</integer>",
                    "<integer>70000</integer>",
                    "<integer>1099511627776</integer>",
                    "<real>1.5</real>",
                    "<date>2024-02-03T04:05:06Z</date>",
                    "<data>AAE=</data>",
                    "<true />",
                    "<false />",
                    "<string>arg19</string>",
                    $"<string>{new string('x', 300)}</string>",
                    "<string>127.0.0.1:11434</string>",
                ]
        )
            Assert.Contains(part, written);
    }

    // As Apple's and Python's readers do.
    [TestMethod]
    public void DuplicateKey_UsesTheLastValue()
    {
        AgentPropertyList agent = Check(
            "<dict><key>EnvironmentVariables</key><dict><key>H</key><string>1</string><key>H</key><string>2</string></dict></dict>"u8.ToArray()
        );
        Assert.AreEqual("2", agent.Variable("H"));
        Assert.AreEqual("3", Check(Encoding.UTF8.GetBytes(agent.WithVariable("H", "3"))).Variable("H"));
    }

    [TestMethod]
    public void EnvironmentOfAnotherType_IsReplaced() =>
        Assert.AreEqual(
            "x",
            Check(
                    Encoding.UTF8.GetBytes(
                        Check("<plist><dict><key>EnvironmentVariables</key><true/></dict></plist>"u8.ToArray())
                            .WithVariable("H", "x")
                    )
                )
                .Variable("H")
        );

    [TestMethod]
    [DataRow(
        "<!DOCTYPE p [<!ENTITY a \"aaaa\"><!ENTITY b "
            + "\"&a;&a;&a;&a;\">]><plist><dict><key>Label</key><string>&b;</string></dict></plist>",
        "not XML"
    )]
    [DataRow(
        "<!DOCTYPE p [<!ENTITY a SYSTEM "
            + "\"file:///etc/passwd\">]><plist><dict><key>Label</key><string>&a;</string></dict></plist>",
        "not XML"
    )]
    [DataRow("<!DOCTYPE plist", "not XML")]
    [DataRow("<!-- never ended", "not XML")]
    [DataRow("<?xml version=\"1.0\" encoding=\"klingon\"?><plist/>", "encoding klingon is unknown")]
    [DataRow("{ Label = \"com.ollama\"; }", "not XML")]
    [DataRow("bplist00", "malformed binary")]
    public void AnythingElse_IsAProblem(string text, string expected)
    {
        Assert.IsFalse(AgentPropertyList.TryRead(text, out _, out string? problem));
        Assert.Contains(expected, problem);
    }

    [TestMethod]
    public void BytesThatAreNotUtf8_AreAProblem_SinceTheyWouldBeLost()
    {
        Assert.IsFalse(
            AgentPropertyList.TryRead(
                [.. "<plist><dict><key>a</key><string>"u8, 0xFF, .. "</string></dict></plist>"u8],
                out _,
                out string? problem
            )
        );
        Assert.Contains("not utf-8", problem);
    }

    [TestMethod]
    public void DeepNesting_IsAProblem_AndNoStackOverflow()
    {
        string deep = string.Concat(Enumerable.Repeat("<dict><key>a</key>", 40_000));
        Assert.IsFalse(AgentPropertyList.TryRead($"<plist>{deep}", out _, out string? problem));
        Assert.Contains("nested too deeply", problem);
        Assert.IsFalse(AgentPropertyList.TryRead(new string(' ', 1024 * 1024 + 1), out _, out problem));
        Assert.Contains("larger than", problem);
    }

    [TestMethod]
    public void BinaryListThatContainsItself_IsAProblem()
    {
        // One array whose only items are the array: 0xA2 0x00 0x00, then its offset, then the trailer.
        byte[] list =
        [
            .. "bplist00"u8,
            0xA2,
            0,
            0,
            8,
            0,
            0,
            0,
            0,
            0,
            0,
            1,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            11,
        ];
        Assert.IsFalse(AgentPropertyList.TryRead(list, out _, out string? problem));
        Assert.Contains("malformed binary", problem);
    }

    [TestMethod]
    [DataRow("B8-com.ollama-binary.plist")]
    [DataRow("B8b-every-kind-binary.plist")]
    public void BrokenBinaryList_IsAProblem_AndNoException(string name)
    {
        byte[] whole = Bytes(name);
        for (int length = 0; length < whole.Length; length++)
            AgentPropertyList.TryRead(whole[..length], out _, out _);
        Random random = new(3);
        for (int n = 0; n < 20_000; n++)
        {
            byte[] changed = [.. whole];
            for (int times = random.Next(1, 4); times > 0; times--)
                changed[random.Next(8, changed.Length)] = (byte)random.Next(256);
            Assert.IsTrue(AgentPropertyList.TryRead(changed, out _, out string? problem) || problem is { Length: > 0 });
        }
    }

    private static byte[] Bytes(string name) =>
        File.ReadAllBytes(Path.Combine(SourceTree.Root, "test/Commands/Install/cases", name));

    private static AgentPropertyList Check(byte[] bytes)
    {
        Assert.IsTrue(AgentPropertyList.TryRead(bytes, out AgentPropertyList? agent, out string? problem), problem);
        return agent!;
    }
}
