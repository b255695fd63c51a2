using FastGate.Commands.Logs;
using FastGate.Proxy.Rules;

namespace FastGate.Test.Commands.Logs;

/// <summary>
/// Regression: <c>GET /models</c> counted as management because llama.cpp's <c>DELETE /models</c> is; the refusal
/// reports that the base URL lacks <c>/v1</c>.
/// </summary>
[TestClass]
public sealed class LearnVersionlessTests
{
    [TestMethod]
    [DataRow("GET", "/models")]
    [DataRow("HEAD", "/models")]
    [DataRow("GET", "/models/x")]
    [DataRow("HEAD", "/models/x")]
    [DataRow("GET", "/%6dodels")]
    [DataRow("POST", "/chat/completions")]
    [DataRow("GET", "/tags")]
    public void BaseUrlWithoutVersion_IsNoManagement(string method, string path)
    {
        Assert.Contains("base URL must end in", Cures.TextOf(RuleSet.Compile([]), method, path));
        Assert.IsFalse(KnownRequests.IsManagement(method, path));
    }

    [TestMethod]
    [DataRow("POST", "/models")]
    [DataRow("DELETE", "/models")]
    [DataRow("OPTIONS", "/models")]
    [DataRow("POST", "/models/load")]
    [DataRow("GET", "/models/sse")]
    [DataRow("GET", "/slots")]
    [DataRow("GET", "/api/delete")]
    public void WhatManages_StaysManagement(string method, string path) =>
        Assert.IsTrue(KnownRequests.IsManagement(method, path));
}
