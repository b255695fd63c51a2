using System.Text;
using System.Text.Json;
using FastGate.Launchd;
using FastGate.Test.Support;

namespace FastGate.Test.Launchd;

[TestClass]
public sealed class PropertyListTests
{
    /// <summary>Every character sequence that XML escapes, at the start, in the middle and at the end of a
    /// value.</summary>
    private static readonly string[] SpecialValues =
    [
        "a&b",
        "<a>",
        "]]>",
        "\"a\"",
        "'a'",
        " a ",
        "a\tb",
        "a\nb",
        "a\rb",
        "a\r\nb",
        "",
        "ä€😀",
        "&amp;",
        "%20",
        "$HOME ~ *",
        "\u0085\u2028",
    ];

    [TestMethod]
    public void WholeAgent_MatchesTheGolden() =>
        Check(
            Agents.Whole,
            """
            <?xml version="1.0" encoding="utf-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            	<dict>
            		<key>Label</key>
            		<string>com.fastgate</string>
            		<key>ProgramArguments</key>
            		<array>
            			<string>/Users/u/.local/bin/fastgate</string>
            			<string>run</string>
            		</array>
            		<key>EnvironmentVariables</key>
            		<dict>
            			<key>XDG_CONFIG_HOME</key>
            			<string>/Users/u/My Config</string>
            		</dict>
            		<key>RunAtLoad</key>
            		<true />
            		<key>KeepAlive</key>
            		<true />
            		<key>ProcessType</key>
            		<string>Interactive</string>
            		<key>ThrottleInterval</key>
            		<integer>5</integer>
            		<key>ExitTimeOut</key>
            		<integer>40</integer>
            		<key>SoftResourceLimits</key>
            		<dict>
            			<key>NumberOfFiles</key>
            			<integer>8192</integer>
            		</dict>
            		<key>StandardOutPath</key>
            		<string>/Users/u/Library/Logs/FastGate/fastgate.log</string>
            		<key>StandardErrorPath</key>
            		<string>/Users/u/Library/Logs/FastGate/fastgate.log</string>
            	</dict>
            </plist>

            """
        );

    [TestMethod]
    public void SmallestAgent_HasOnlyRequiredMembers() =>
        Check(
            Agents.Smallest,
            """
            <?xml version="1.0" encoding="utf-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            	<dict>
            		<key>Label</key>
            		<string>com.ollama</string>
            		<key>ProgramArguments</key>
            		<array>
            			<string>/opt/homebrew/bin/ollama</string>
            		</array>
            		<key>RunAtLoad</key>
            		<false />
            		<key>KeepAlive</key>
            		<false />
            	</dict>
            </plist>

            """
        );

    [TestMethod]
    public void Xml_BeginsAtByte0() =>
        Assert.IsTrue(Encoding.UTF8.GetBytes(PropertyList.Write(Agents.Whole)).AsSpan().StartsWith("<?xml"u8));

    [TestMethod]
    [DataRow("a\0b")]
    [DataRow("a\u001bb")]
    [DataRow("a\uffff")]
    public void CharacterThatXmlCannotHold_IsRefused(string value) =>
        Assert.ThrowsExactly<ArgumentException>(() => PropertyList.Write(Agents.With(value)));

    [TestMethod]
    public async Task SpecialValues_SurvivePython() => CheckPython(await WithFileAsync(ReadByPythonAsync));

    [TestMethod]
    public async Task SpecialValues_SurviveLibplist() =>
        CheckPython(
            await WithFileAsync(async file =>
            {
                // Converts to the binary form, to check what libplist understood, not only that it accepted the file.
                await RunAsync("plistutil", "-i", file, "-f", "bin", "-o", file);
                return await ReadByPythonAsync(file);
            })
        );

    [TestMethod]
    public void SpecialValues_SurviveOurReader()
    {
        Assert.IsTrue(
            AgentPropertyList.TryRead(
                PropertyList.Write(Agents.WithAll(SpecialValues)),
                out AgentPropertyList? agent,
                out string? problem
            ),
            problem
        );
        CollectionAssert.AreEqual(
            Agents.WithAll(SpecialValues).ProgramArguments.ToArray(),
            agent.ProgramArguments.ToArray()
        );
    }

    private static void CheckPython(string printed)
    {
        string[][] read = JsonSerializer.Deserialize<string[][]>(printed)!;
        CollectionAssert.AreEqual(Agents.WithAll(SpecialValues).ProgramArguments.ToArray(), read[0]);
        CollectionAssert.AreEqual(SpecialValues, read[1]);
    }

    private static Task<string> ReadByPythonAsync(string file) =>
        RunAsync(
            "python3",
            "-c",
            "import plistlib,sys,json;p=plistlib.load(open(sys.argv[1],'rb'));"
                + "print(json.dumps([p['ProgramArguments'],[p['EnvironmentVariables'][f'V{n}'] for n in "
                + "range(len(p['EnvironmentVariables']))]]))",
            file
        );

    private static async Task<string> WithFileAsync(Func<string, Task<string>> read)
    {
        string file = Path.Combine(Path.GetTempPath(), $"fastgate-{Guid.NewGuid():N}.plist");
        await File.WriteAllTextAsync(file, PropertyList.Write(Agents.WithAll(SpecialValues)));
        try
        {
            return await read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        Required.Tool(program);
        CommandResult result = await new CommandRunner(Environment.GetEnvironmentVariable("PATH")!).RunAsync(
            program,
            arguments,
            TimeSpan.FromSeconds(30)
        );
        Assert.AreEqual(0, result.ExitCode, result.Error);
        return result.Output;
    }

    private static void Check(Agent agent, string golden) =>
        Assert.AreEqual(golden.ReplaceLineEndings("\n"), PropertyList.Write(agent));
}
