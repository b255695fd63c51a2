using System.Text.RegularExpressions;
using FastGate.Test.Support;

namespace FastGate.Test.Tidy;

/// <summary>The project file lists the system calls that a native build for Linux links. One that is missing still
/// works, but is looked up by name when it is first called.</summary>
[TestClass]
public sealed partial class LinkedCallsTests
{
    // Their calls do not exist on Linux, and the linker would not find them.
    private static readonly string[] MacFiles = ["MacCalls.cs", "Kqueue.cs"];

    [TestMethod]
    public void ListedCalls_AreThoseThatLinuxMakes()
    {
        IEnumerable<string> calls =
            from file in SourceFile.ReadAll()
            where !MacFiles.Contains(Path.GetFileName(file.Path))
            from Match call in LibcCall().Matches(file.Text)
            select call.Groups[1].Value;
        string project = File.ReadAllText(Path.Combine(SourceTree.Root, "src", "Filter", "Filter.csproj"));
        IEnumerable<string> linked = LinuxCall().Matches(project).SelectMany(item => item.Groups[1].Value.Split(';'));
        Assert.AreEqual(
            string.Join(' ', calls.Distinct().Order(StringComparer.Ordinal)),
            string.Join(' ', linked.Order(StringComparer.Ordinal))
        );
    }

    [GeneratedRegex(@"DllImport\(""libc"", EntryPoint = ""(\w+)""")]
    private static partial Regex LibcCall();

    [GeneratedRegex(@"<LinuxCall Include=""([\w;]+)""")]
    private static partial Regex LinuxCall();
}
