using System.Text.Json;

namespace FastGate.Test.Commands.Doctor;

/// <summary>The output of doctor with <c>--json</c>.</summary>
internal sealed class DoctorReport(int exitCode, string json)
{
    private readonly JsonElement _root = Parse(json);

    public int ExitCode => exitCode;

    public IEnumerable<string> Failed => Having("fail");

    public IEnumerable<string> Skipped => Having("skip");

    public IEnumerable<string> All => Checks.Select(check => check.GetProperty("id").GetString()!);

    public int Passed => _root.GetProperty("summary").GetProperty("passed").GetInt32();

    private IEnumerable<JsonElement> Checks => _root.GetProperty("checks").EnumerateArray();

    public string MessageOf(string id) => Of(id).GetProperty("message").GetString()!;

    public string CureOf(string id) => Of(id).GetProperty("fix").GetString() ?? "";

    public JsonElement FactsOf(string id) => Of(id).GetProperty("facts");

    /// <summary>Asserts that exactly these checks failed, and that each prints a fix.</summary>
    public void CheckFailed(params string[] expected)
    {
        Assert.AreEqual(
            string.Join('\n', expected.Order(StringComparer.Ordinal)),
            string.Join('\n', Failed.Order(StringComparer.Ordinal)),
            ToString()
        );
        Assert.AreEqual(expected.Length > 0 ? 1 : 0, ExitCode, ToString());
        foreach (string id in expected)
            Assert.AreNotEqual("", CureOf(id), id);
    }

    /// <summary>The checks that did not pass, one a line.</summary>
    public override string ToString() =>
        string.Join(
            '\n',
            Checks
                .Where(check => check.GetProperty("outcome").GetString() != "pass")
                .Select(check =>
                    (
                        $"{check.GetProperty("outcome")} {check.GetProperty("id")}: {check.GetProperty("message")} "
                        + $"| {check.GetProperty("fix")}"
                    )
                )
        );

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private IEnumerable<string> Having(string outcome) =>
        Checks
            .Where(check => check.GetProperty("outcome").GetString() == outcome)
            .Select(check => check.GetProperty("id").GetString()!);

    private JsonElement Of(string id) => Checks.Single(check => check.GetProperty("id").GetString() == id);
}
