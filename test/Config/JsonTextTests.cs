namespace FastGate.Test.Config;

[TestClass]
public sealed class JsonTextTests
{
    [TestMethod]
    [DataRow("{}")]
    [DataRow(" \n{ // comment\n /* another */ \"allow\": [\"@seed\",], }")]
    [DataRow("\uFEFF{}")]
    public void ValidText_HasNoProblem(string text) => Assert.AreEqual("", Configs.Problems(text));

    [TestMethod]
    [DataRow("", "fastgate.json:1:1: the file is empty; write {} for the defaults, or remove it")]
    [DataRow(" \n\t", "fastgate.json:2:2: the file is empty; write {} for the defaults, or remove it")]
    [DataRow("{", "fastgate.json:1:2: invalid JSON: a { or [ is not closed; add the missing } or ]")]
    [DataRow("{\n\"allow\": [", "fastgate.json:2:11: invalid JSON: a { or [ is not closed; add the missing } or ]")]
    [DataRow(
        "{\n  'allow': []\n}",
        "fastgate.json:2:3: invalid JSON: ''' is an invalid start of a property name. Expected a '\"'"
    )]
    [DataRow(
        "{\n\"loops\" 1}",
        "fastgate.json:2:9: invalid JSON: '1' is invalid after a property name. Expected a ':'"
    )]
    [DataRow(
        "{\n\"allow\": [\"a\"\n\"b\"]}",
        "fastgate.json:3:1: invalid JSON: '\"' is invalid after a value. Expected either ',', '}', or ']'"
    )]
    [DataRow(
        "{} {}",
        "fastgate.json:1:4: invalid JSON: '{' is invalid after a single JSON value. Expected end of data"
    )]
    [DataRow(
        "{\"host\": \"\\ud800\"}",
        "fastgate.json:1:1: an escape \\u… is half of a surrogate pair; write the character itself"
    )]
    public void InvalidText_IsOneProblemWithItsLine(string text, string problem) =>
        Assert.AreEqual(problem, Configs.Problems(text));

    [TestMethod]
    public void TooDeeplyNestedText_IsAProblem() =>
        Assert.Contains("invalid JSON", Configs.Problems(new string('[', 100_000)));

    [TestMethod]
    public void TextThatIsNotUtf8_IsAProblem()
    {
        List<FastGate.Config.Problem> problems = [];
        FastGate.Config.GateFileReader.Read("f", [(byte)'{', 0xFF, (byte)'}'], problems);
        Assert.AreEqual("f:1:1: the file is not UTF-8; save it as UTF-8", string.Join('\n', problems));
    }

    [TestMethod]
    public void ColumnsAreCharacters_NotBytes() =>
        Assert.AreEqual(
            "fastgate.json:1:20: loops: true is not allowed here; write a number, such as 10",
            Configs.Problems("{ /* ääää*/\"loops\":true}")
        );
}
