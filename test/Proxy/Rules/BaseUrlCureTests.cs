namespace FastGate.Test.Proxy.Rules;

/// <summary>Routes behind part of a wrong base URL.</summary>
[TestClass]
public sealed class BaseUrlCureTests
{
    [TestMethod]
    [DataRow("@seed", "POST /v1/v1/messages", "the client's base URL must not end in /v1: remove /v1 from it")]
    [DataRow("@seed", "POST /v1/v1/chat/completions", "the client's base URL must not end in /v1: remove /v1 from it")]
    [DataRow("@seed", "GET /v1/v1", "the client's base URL must not end in /v1: remove /v1 from it")]
    [DataRow("@seed", "GET /v1/api/tags", "the client's base URL must not end in /v1: remove /v1 from it")]
    [DataRow("@seed", "GET /ollama/api/tags", "remove \"/ollama\" from the client's base URL")]
    [DataRow("@seed", "GET /api/api/tags", "remove \"/api\" from the client's base URL")]
    [DataRow("@seed", "GET /proxy/ollama/v1/models", "remove \"/proxy/ollama\" from the client's base URL")]
    [DataRow("@seed", "GET /ollama/v1/models/qwen3:8b", "remove \"/ollama\" from the client's base URL")]
    [DataRow("@seed", "POST /openai/v1/responses", "remove \"/openai\" from the client's base URL")]
    [DataRow("@seed", "POST /api/v1/chat/completions", "remove \"/api\" from the client's base URL")]
    [DataRow(
        "@seed",
        "POST /v1/chat/completions/chat/completions",
        "remove \"/chat/completions\" from the client's base URL"
    )]
    [DataRow(
        "@seed",
        "POST /v1/chat/completions/v1/chat/completions",
        "remove \"/v1/chat/completions\" from the client's base URL"
    )]
    [DataRow("@seed", "POST /v1/messages/v1/messages", "remove \"/v1/messages\" from the client's base URL")]
    [DataRow("@seed", "POST /api/chat/api/chat", "remove \"/api/chat\" from the client's base URL")]
    [DataRow(
        "@seed",
        "POST /ollama/api/chat/completions",
        "the client's base URL must end in /v1: replace \"/ollama/api\" with /v1"
    )]
    [DataRow("@seed", "POST /v2/chat/completions", "the client's base URL must end in /v1: replace \"/v2\" with /v1")]
    [DataRow(
        "@seed",
        "POST /v1beta/openai/chat/completions",
        "the client's base URL must end in /v1: replace \"/v1beta/openai\" with /v1"
    )]
    [DataRow("@seed", "POST /chat/completions", "the client's base URL must end in /v1: add /v1 to it")]
    [DataRow("@seed", "GET /models", "the client's base URL must end in /v1: add /v1 to it")]
    [DataRow("@seed", "POST /messages", "the client's base URL must end in /v1: add /v1 to it")]
    [DataRow("@seed", "POST /chat", "the client's base URL must end in /api: add /api to it")]
    [DataRow("@seed", "POST /v1/chat", "the client's base URL must end in /api: replace \"/v1\" with /api")]
    [DataRow(
        "@seed",
        "HEAD /v1",
        "Ollama has no route at this path; if the client's base URL ends in /v1, remove /v1 from it"
    )]
    [DataRow(
        "@seed",
        "GET /api",
        "Ollama has no route at this path; if the client's base URL ends in /api, remove /api from it"
    )]
    public void WrongBaseUrl_HasItsCorrection(string allow, string request, string cure) =>
        RefusedRequest.Check(allow, request, cure);

    [TestMethod]
    public void LongPrefix_IsQuotedInFull()
    {
        string prefixed = "/" + new string('p', 200) + "/api/tags";
        Assert.AreEqual(
            $"remove \"{prefixed[..201]}\" from the client's base URL",
            RefusedRequest.CureOf(["@seed"], "GET", prefixed)
        );
    }
}
