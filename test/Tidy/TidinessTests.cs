namespace FastGate.Test.Tidy;

[TestClass]
public sealed class TidinessTests
{
    [TestMethod]
    public void Tree_IsTidy() =>
        Assert.IsEmpty(
            Tidiness.Violations(SourceFile.ReadAll()),
            string.Join('\n', Tidiness.Violations(SourceFile.ReadAll()))
        );

    [TestMethod]
    public void Tree_IsRead() => Assert.Contains("src/Filter/Program.cs", SourceFile.ReadAll().Select(f => f.Path));

    [TestMethod]
    public void LongestFile_IsAccepted_OneMoreLineIsReported()
    {
        string longest = string.Concat(Enumerable.Repeat("//\n", Tidiness.LinesMax));
        Check("Proxy/Gate", longest, null);
        Check("Proxy/Gate", longest + "//\n", "301 lines");
    }

    [TestMethod]
    public void WidestLine_IsAccepted_OneMoreColumnIsReported()
    {
        string widest = "//" + new string('x', Tidiness.ColumnsMax - 2);
        Check("Proxy/Gate", widest, null);
        Check("Proxy/Gate", widest + "x", "line 1 has 121 columns");
        string literal = $"string text = \"{widest}\";";
        Check("Proxy/Gate", literal, $"line 1 has {literal.Length} columns");
        Assert.IsEmpty(Tidiness.Violations([new("test/Proxy/Gate/A.cs", literal)]));
    }

    [TestMethod]
    [DataRow("internal sealed class A\n{\n}")]
    [DataRow("internal sealed class A(int n) : B(n);")]
    [DataRow("public readonly ref struct A\n{\n}")]
    [DataRow("internal readonly record struct A(int N);")]
    [DataRow("internal sealed record A\n{\n}")]
    [DataRow("internal enum A\n{\n}")]
    [DataRow("internal interface A<T>\n    where T : class;")]
    [DataRow("internal delegate void A(int n);")]
    [DataRow("/// <summary>Another.</summary>\nclass B\n{\n    private sealed class A\n    {\n    }\n}")]
    [DataRow("/// <summary>A field.</summary>\nint n;\nclass A;")]
    [DataRow("/// <remarks>No summary.</remarks>\nclass A;")]
    [DataRow("// <summary>No documentation.</summary>\nclass A;")]
    public void TypeWithoutSummary_IsFound(string text) => Check("Proxy/Gate", text, "A has no <summary>");

    [TestMethod]
    [DataRow("/// <summary>A.</summary>\nclass A;")]
    [DataRow(
        "/// <summary>\n/// A; {with} {\n/// </summary>\n/// <remarks>\n/// {}\n/// "
            + "</remarks>\n[Attribute]\n[Other(1)]\nclass A;"
    )]
    [DataRow("/// <summary>A.</summary>\nclass A\n{\n    private static partial class Log\n    {\n    }\n}")]
    [DataRow("/// <summary>A.</summary>\npartial class A;\n\npartial class A;")]
    [DataRow("// class A\nconst string B = \"class A;\";")]
    public void TypeWithSummary_IsAccepted(string text) => Check("Proxy/Gate", text, null);

    [TestMethod]
    [DataRow("[LibraryImport(\"libc\")]", "LibraryImport belongs to Proxy/Transport")]
    [DataRow("[DllImport(\"libc\")]", "DllImport belongs to Proxy/Transport")]
    [DataRow("catch (SocketException)", "SocketException belongs to Proxy/Transport")]
    [DataRow("catch (System.Net.Sockets.SocketException e)", "SocketException belongs to Proxy/Transport")]
    [DataRow("using System.CommandLine.Parsing;", "System.CommandLine belongs to Commands")]
    [DataRow("using Spectre.Console;", "Spectre belongs to Commands")]
    [DataRow("using Microsoft.Extensions.Logging.Console;", "Microsoft.Extensions.Logging.Console belongs to Commands")]
    [DataRow("builder.AddSimpleConsole();", "AddSimpleConsole belongs to Commands")]
    [DataRow("Console.WriteLine();", "Console. belongs to Commands")]
    [DataRow("System.Console.WriteLine();", "belongs to Commands")]
    [DataRow("using static System.Console;", "System.Console belongs to Commands")]
    [DataRow("Console.OpenStandardOutput();", "Console. belongs to Commands")]
    public void WordOutsideItsRoom_IsFound(string code, string violation)
    {
        Check("Proxy/Gate", code, violation);
        Check(violation[(violation.LastIndexOf(' ') + 1)..], code, null);
    }

    [TestMethod]
    [DataRow("using Microsoft.Extensions.Logging;")]
    [DataRow("// Console.WriteLine")]
    [DataRow("AnsiConsole.Write();")]
    public void OtherWord_IsAccepted(string code) => Check("Proxy/Gate", code, null);

    [TestMethod]
    public void StandardOutput_IsOpenedByTheAccessLogOnly()
    {
        Check("Proxy/AccessLog", "Console.OpenStandardOutput()", null, "AccessLogWriter.cs");
        Check("Proxy/AccessLog", "Console.OpenStandardOutput()", "belongs to Commands", "LogFile.cs");
        Check("Proxy/AccessLog", "Console.OpenStandardError()", "belongs to Commands", "AccessLogWriter.cs");
    }

    private static void Check(string room, string text, string? violation, string file = "A.cs")
    {
        IReadOnlyList<string> violations = Tidiness.Violations([new($"src/Filter/{room}/{file}", text)]);
        if (violation is null)
            Assert.IsEmpty(violations, string.Join('\n', violations));
        else
            Assert.Contains(violation, string.Join('\n', violations));
    }
}
