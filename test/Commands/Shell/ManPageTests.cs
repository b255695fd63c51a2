using FastGate.Test.Support;

namespace FastGate.Test.Commands.Shell;

[TestClass]
public sealed class ManPageTests
{
    private static readonly string Page = Path.Combine(SourceTree.Root, "src/Filter/Commands/Shell/fastgate.1");

    [TestMethod]
    public async Task Page_IsGeneratedFromTheHelp()
    {
        StringWriter page = new();
        await FastGate.Commands.CommandLine.RunAsync(["[man]"], new(page, TextWriter.Null));
        Assert.AreEqual(page.ToString(), await File.ReadAllTextAsync(Page), "see the first lines of the page");
    }

    [TestMethod]
    [DataRow("mandoc", "-T", "lint", "-W", "style")]
    [DataRow("groff", "-mdoc", "-ww", "-z")]
    [DataRow("man", "--warnings", "-E", "UTF-8", "-l")]
    public async Task Formatters_HaveNoWarning(string tool, params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.Start(Required.Tool(tool), [.. arguments, Page]);
        (int code, string output, string errors) = await process.EndAsync(StepDeadline.Longest);
        Assert.AreEqual(0, code, output + errors);
        Assert.AreEqual("", errors);
        if (tool == "man")
            Assert.Contains("--skip-model-tests", output);
        else
            Assert.AreEqual("", output);
    }
}
